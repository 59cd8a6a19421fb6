package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.djl.adapter.AdapterModule;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.djl.huggingface.TensorInfo;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.djl.model.Parameter.Role;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The reference of a policy with an adapter: the policy's base model with an adapter of its own, so
 * that there is no second copy of the weights, or any other model, which cannot be updated.
 *
 * <p>A mix is of what the adapters add to the weights, not of A and B: {@code D ← (1 − w)·D +
 * w·B·A}. The factors are stacked, {@code [(1 − w)·B_ref, w·B]·[A_ref; A]}, which is exact, so
 * their rank grows with each mix. Beyond {@value #FULL} times the adapter's rank it is cut to
 * {@value #KEPT} times that, by the largest singular values of the product; {@link #error} bounds
 * what this has changed. Parameters that the adapter replaces as a whole are mixed as they are.
 */
final class AdapterReference extends PolicyReference {

  private static final int FULL = 8;
  private static final int KEPT = 4;

  /** The name of the tensor with the bounds of the errors of all modules. */
  private static final String ERRORS = "errors";

  private final ImmutableList<AdapterModule> modules;
  private final boolean averageFactors;
  private double[] errors; // of each module, in the Euclidean norm

  /**
   * Makes an absent reference.
   *
   * @param averageFactors whether a mix is of A and B instead of their products
   */
  AdapterReference(DjlModel policy, ImmutableList<AdapterModule> modules, boolean averageFactors) {
    super(policy);
    this.averageFactors = averageFactors;
    this.modules = modules;
    errors = new double[modules.size()];
  }

  /**
   * The Euclidean norm of the difference between all weights of the reference and those that exact
   * mixes would have given, at most; rounding is not included.
   */
  double error() {
    double sum = 0;
    for (double error : errors) {
      sum += error * error;
    }
    return Math.sqrt(sum);
  }

  @Override
  void copyPolicy() {
    Map<String, NDArray> copies = new TreeMap<>();
    for (Parameter parameter : own()) {
      copies.put(parameter.name(), policy.tensors().get(parameter).duplicate());
    }
    use(copies);
    errors = new double[modules.size()];
  }

  @Override
  void load(Path folder, DjlPolicyBuilder settings) {
    replace(new DjlModel(settings.of(folder), true));
  }

  @Override
  void mix(double weight) {
    Parameters reference = movable();
    PolicyReference.check(weight);
    if (weight == 0) {
      return;
    }
    if (weight == 1) {
      copyPolicy();
      return;
    }
    if (averageFactors) {
      kernels().run("mix", weight, own(reference).all(), own(policy.tensors()).all());
      return;
    }
    Parameters copied = reference.only(whole());
    if (!whole().isEmpty()) {
      kernels().run("mix", weight, copied.all(), policy.tensors().only(whole()).all());
    }
    Map<String, NDArray> mixed = new TreeMap<>(copied.arrays());
    for (int i = 0; i < modules.size(); i++) {
      AdapterModule module = modules.get(i);
      NDList result =
          kernels()
              .callAll(
                  manager(),
                  "mix_low_rank",
                  reference.get(module.b()),
                  reference.get(module.a()),
                  policy.tensors().get(module.b()),
                  policy.tensors().get(module.a()),
                  weight,
                  FULL * module.rank(),
                  KEPT * module.rank());
      mixed.put(module.b().name(), result.get(0));
      mixed.put(module.a().name(), result.get(1));
      try (NDArray cut = result.get(2)) {
        // In fp32, as they are saved, so that a resumed run has the same.
        errors[i] =
            (float) ((1 - weight) * errors[i] + Math.abs(module.scaling()) * cut.getDouble());
      }
    }
    use(mixed);
  }

  @Override
  double relativeError() {
    double error = error();
    if (error == 0) {
      return 0;
    }
    try (NDManager scope = manager().newSubManager()) {
      List<NDArray> zeros = modules.stream().map(it -> Parameters.zeros(it.b(), scope)).toList();
      return error / distance(zeros, all(policy.tensors(), Role.ADAPTER_A));
    }
  }

  @Override
  double distance() {
    Parameters reference = movable();
    double ofMatrices = distance(all(reference, Role.ADAPTER_B), all(reference, Role.ADAPTER_A));
    if (whole().isEmpty()) {
      return ofMatrices;
    }
    List<NDArray> copies = reference.only(whole()).all();
    return Math.hypot(
        ofMatrices, kernels().number("distance", copies, policy.tensors().only(whole()).all()));
  }

  /** How far other factors are from those of the policy. */
  private double distance(List<NDArray> b, List<NDArray> a) {
    return kernels()
        .number(
            "low_rank_distance",
            b,
            a,
            all(policy.tensors(), Role.ADAPTER_B),
            all(policy.tensors(), Role.ADAPTER_A),
            modules.stream().mapToDouble(AdapterModule::scaling).toArray());
  }

  private List<NDArray> all(Parameters values, Role role) {
    return modules.stream()
        .map(it -> values.get(role == Role.ADAPTER_A ? it.a() : it.b()))
        .toList();
  }

  /** Makes the given arrays those that the reference does not share with the policy. */
  private void use(Map<String, NDArray> values) {
    Parameters all =
        policy.tensors().without(own()).plus(new Parameters(ImmutableMap.copyOf(values)));
    if (isMovable()) {
      DjlModel reference = required();
      Parameters earlier = own(reference.tensors());
      reference.use(all);
      earlier
          .arrays()
          .forEach(
              (name, array) -> {
                if (array != values.get(name)) {
                  array.close();
                }
              });
    } else {
      replace(policy.with(all));
    }
  }

  private List<Parameter> own() {
    return policy.decoder().architecture().trainable();
  }

  private List<Parameter> whole() {
    return policy.decoder().architecture().weights().whole();
  }

  @Override
  Parameters own(Parameters all) {
    return all.only(own());
  }

  @Override
  String difference() {
    return "is not the policy's base model with an adapter";
  }

  @Override
  Map<String, TensorSource> sources() {
    Map<String, TensorSource> sources = new TreeMap<>(own(movable()).sources(manager(), kernels()));
    float[] values = new float[errors.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) errors[i];
    }
    sources.put(ERRORS, TensorSource.of(new long[] {values.length}, values));
    return sources;
  }

  @Override
  ImmutableMap<String, ImmutableLongArray> shapes(SafetensorsFile state) {
    ImmutableMap.Builder<String, ImmutableLongArray> shapes = ImmutableMap.builder();
    for (Parameter parameter : stored(state)) {
      shapes.put(parameter.name(), parameter.dimensions());
    }
    return shapes.put(ERRORS, ImmutableLongArray.of(modules.size())).buildOrThrow();
  }

  /** What a file has of the adapter: factors, whose ranks are those of A there, and copies. */
  private List<Parameter> stored(SafetensorsFile state) {
    List<Parameter> stored = new ArrayList<>();
    for (AdapterModule module : modules) {
      TensorInfo a = state.tensors().get(module.a().name());
      long rank = a == null || a.dimensions().isEmpty() ? module.rank() : a.dimensions().get(0);
      AdapterModule its =
          new AdapterModule(module.matrix(), Math.toIntExact(rank), module.scaling());
      stored.add(its.a());
      stored.add(its.b());
    }
    stored.addAll(whole());
    return stored;
  }

  @Override
  void fill(SafetensorsFile state) {
    use(
        new TreeMap<>(
            Parameters.load(stored(state), Parameter::name, state, manager(), kernels()).arrays()));
    FloatBuffer values = FloatBuffer.allocate(errors.length);
    state.readFloat32(ERRORS, 0, values);
    for (int i = 0; i < errors.length; i++) {
      errors[i] = values.get(i);
    }
  }

  private NDManager manager() {
    return policy.decoder().manager();
  }

  private Kernels kernels() {
    return policy.decoder().kernels();
  }
}
