package io.github.tralign.djl;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.Body.Keep;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.CheckpointWriter;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.PackedBatch;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.Objective;
import io.github.tralign.policy.Openness;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import io.github.tralign.policy.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face checkpoint as a policy, on DJL and PyTorch.
 *
 * <pre>{@code
 * try (DjlPolicy policy = DjlPolicy.load(Path.of("pythia-70m"))) { … }
 * }</pre>
 *
 * <p>Whoever loads a policy closes it; a trainer does not. A policy that is closed rejects every
 * call with an {@link IllegalStateException}; {@link #close} from another thread waits for the call
 * that is under way.
 *
 * <p>Weights, reference and optimizer moments are fp32, whatever the checkpoint's type, and so is
 * the computation unless {@link DjlPolicyBuilder#precision} says otherwise. A batch is computed
 * packed: one axis of tokens without padding, each prompt once, the head on completion tokens only
 * and in chunks of rows. Gradients and moments take memory from the first training step on; scoring
 * alone needs the weights only.
 */
public final class DjlPolicy implements Policy {

  private final Openness open;
  private final Path source;
  private final Fingerprint fingerprint;
  private final SavedModel model;
  private final List<String> warnings = new ArrayList<>();
  private final Architecture architecture;
  private final NDManager manager;
  private final Kernels kernels;
  private final Body body;
  private final Keep keep;
  private final Head head;
  private final Statistics statistics;
  private final Parameters weights;
  private final boolean replace;
  private @Nullable Parameters reference;
  private TrainedParameters trained;
  private @Nullable Path referenceSource;
  private @Nullable Parameters gradients;
  private @Nullable Optimizer optimizer;

  DjlPolicy(DjlPolicyBuilder settings) {
    source = settings.folder;
    replace = settings.replace;
    open = new Openness("the policy of " + source);
    try (CheckpointFolder folder = CheckpointFolder.open(source)) {
      model = SavedModel.of(folder);
      warnings.addAll(model.warnings());
      architecture = model.architecture();
      Engine engine = PyTorch.start();
      if (settings.threads > 0) {
        PyTorch.useThreads(settings.threads);
      }
      Device device = PyTorch.device(settings.device);
      kernels =
          Kernels.on(
              engine,
              device,
              settings.precision.on(device.isGpu()).products(),
              architecture.spec());
      manager = engine.newBaseManager(device);
      fingerprint = Fingerprint.of(settings, engine, device, model.config());
      try {
        weights = Parameters.load(folder, model, manager, kernels);
      } catch (RuntimeException e) {
        manager.close();
        throw e;
      }
    }
    trained = TrainedParameters.of(architecture, name -> true);
    body = new Body(architecture, kernels, manager);
    keep = settings.recompute ? Keep.INPUTS : Keep.ALL;
    head = new Head(kernels, settings.headRows, architecture.vocabularySize(), manager);
    statistics = new Statistics(kernels, settings.headRows, architecture.vocabularySize(), manager);
  }

  /**
   * Loads a checkpoint folder on the CPU.
   *
   * @throws io.github.tralign.InvalidInputException if the folder holds no model that can be read
   */
  public static DjlPolicy load(Path folder) {
    return from(folder).load();
  }

  /** Settings for loading a checkpoint folder. */
  public static DjlPolicyBuilder from(Path folder) {
    return new DjlPolicyBuilder(folder);
  }

  @Override
  public int vocabularySize() {
    open.require();
    return architecture.vocabularySize();
  }

  @Override
  public int maxLength() {
    open.require();
    return architecture.maxLength();
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Weights which, Set<TokenStatistic> asked) {
    Parameters weights = weights(which);
    return inScope(
        scope -> {
          Inputs inputs = inputs(batch, scope);
          HeadInput logits = logits(inputs, weights);
          return new TokenLogProbs(
              batch,
              head.logProbs(logits, inputs.targets()),
              statistics.of(logits, () -> logits(inputs, weights(Weights.REFERENCE)), asked));
        });
  }

  @Override
  public void accumulate(PreferenceBatch batch, Set<TokenStatistic> asked, Objective objective) {
    requireNonNull(batch, "batch");
    requireNonNull(asked, "asked");
    requireNonNull(objective, "objective");
    inScope(
        scope -> {
          Parameters gradients = gradients();
          Inputs inputs = inputs(batch, scope);
          NDArray embedded =
              head.embed(inputs.ids(), weights.get(architecture.weights().embedding()));
          Body.Forward inner = body.forward(embedded, inputs.packed(), weights, keep, trained);
          HeadInput policy =
              new HeadInput(inner.hidden(), weights.get(architecture.weights().head()));
          Supplier<HeadInput> reference =
              Suppliers.memoize(() -> logits(inputs, weights(Weights.REFERENCE)));
          Head.Forward outer = head.forward(policy, inputs.targets());
          TokenGradient slope =
              new TokenLogProbs(batch, outer.logProbs(), statistics.of(policy, reference, asked))
                  .gradientOf(objective);
          List<NDArray> headGradient =
              gradients.find(architecture.weights().head()).stream().toList();
          NDArray back =
              slope.divergence().length == 0
                  ? head.gradient(outer, policy, inputs.targets(), slope.logProbs(), headGradient)
                  : statistics.gradient(
                      policy, reference.get(), inputs.targets(), slope, headGradient, scope);
          NDArray first =
              body.backward(inner, back, inputs.packed(), weights, gradients, trained.embedding());
          gradients
              .find(architecture.weights().embedding())
              .ifPresent(table -> head.embedGradient(inputs.ids(), first, table));
          return true;
        });
  }

  /** A batch as the kernels take it. */
  private record Inputs(NDArray ids, NDArray targets, Body.Batch packed) {}

  private Inputs inputs(PreferenceBatch batch, NDManager scope) {
    PackedBatch packed = PackedBatch.of(batch);
    return new Inputs(
        scope.create(packed.ids()), scope.create(packed.targets()), body.batch(packed, scope));
  }

  /** A forward pass with no way back. */
  private HeadInput logits(Inputs inputs, Parameters weights) {
    NDArray embedded = head.embed(inputs.ids(), weights.get(architecture.weights().embedding()));
    Body.Forward inner = body.forward(embedded, inputs.packed(), weights, Keep.NOTHING, trained);
    return new HeadInput(inner.hidden(), weights.get(architecture.weights().head()));
  }

  @Override
  public double step(OptimizerStep step) {
    requireNonNull(step, "step");
    return open.call(() -> optimizer().step(step, weights, gradients(), kernels));
  }

  @Override
  public void trainOnly(Set<String> parameters) {
    requireNonNull(parameters, "parameters");
    open.run(
        () -> {
          trained = TrainedParameters.of(architecture, parameters::contains);
          if (gradients != null) {
            gradients.close();
            gradients = null;
          }
        });
  }

  @Override
  public void discardGradients() {
    open.run(
        () -> {
          if (gradients != null) {
            gradients.zero(kernels);
          }
        });
  }

  @Override
  public void keepReference() {
    open.run(() -> replaceReference(weights.copy()));
  }

  private void replaceReference(@Nullable Parameters kept) {
    Parameters earlier = reference;
    reference = kept;
    if (earlier != null) {
      earlier.close();
    }
  }

  /**
   * Makes the reference the weights of a checkpoint.
   *
   * @throws io.github.tralign.InvalidInputException if the folder holds no model that can be read,
   *     or one of another shape or with other settings than this policy
   */
  public void keepReference(Path folder) {
    requireNonNull(folder, "folder");
    open.run(() -> replaceReference(readReference(folder)));
    referenceSource = folder;
  }

  private Parameters readReference(Path folder) {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      SavedModel other = SavedModel.of(checkpoint);
      if (!architecture.computesAs(other.architecture())) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "%s: its config describes another model than that of %s; a reference must have"
                    + " the same shapes and settings",
                folder,
                source));
      }
      warnings.addAll(other.warnings());
      return Parameters.load(checkpoint, other, manager, kernels);
    }
  }

  @Override
  public boolean hasReference() {
    open.require();
    return reference != null;
  }

  @Override
  public void mixReference(double weight) {
    List<NDArray> moved = weights(Weights.REFERENCE).all();
    if (!(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException(
          "the policy's weight must lie in [0, 1], not be " + weight);
    }
    kernels.run("mix", weight, moved, weights.all());
  }

  /** Computed where the weights are, tensor by tensor. */
  @Override
  public double referenceDistance() {
    return kernels.number("distance", weights(Weights.REFERENCE).all(), weights.all());
  }

  @Override
  public List<String> parameters() {
    open.require();
    return architecture.parameters().stream().map(Parameter::name).sorted().toList();
  }

  @Override
  public Optional<String> fingerprint() {
    return Optional.of(fingerprint.of(parameters(), name -> values(name, Weights.POLICY)));
  }

  @Override
  public double[] values(String parameter, Weights which) {
    return open.call(() -> weights(which).values(parameter, manager, kernels));
  }

  /**
   * Writes a Hugging Face checkpoint folder in fp32, with the config and the tokenizer's files of
   * the folder that this policy was loaded from. The same weights give the same bytes. An earlier
   * checkpoint is replaced, but those that policy and reference were loaded from only if {@link
   * DjlPolicyBuilder#replace} was set.
   *
   * @throws io.github.tralign.InvalidInputException if {@code folder} is a file, a folder with
   *     anything but a checkpoint in it, or one that may not be replaced
   */
  @Override
  public void save(Path folder) {
    requireNonNull(folder, "folder");
    open.run(() -> write(folder));
  }

  private void write(Path folder) {
    CheckpointWriter writer = CheckpointWriter.to(folder).copyFilesFrom(source).replace(true);
    if (!replace) {
      writer.keep(source);
      Optional.ofNullable(referenceSource).ifPresent(writer::keep);
    }
    writer.write(model.config().json(), weights.sources(manager, kernels));
  }

  @Override
  public void saveState(Path folder) {
    requireNonNull(folder, "folder");
    StateFolder state = new StateFolder(folder, architecture, manager, kernels);
    open.run(() -> state.write(weights, reference, optimizer));
  }

  @Override
  public void loadState(Path folder) {
    requireNonNull(folder, "folder");
    StateFolder state = new StateFolder(folder, architecture, manager, kernels);
    open.run(() -> state.read(this::takeUp));
    discardGradients();
  }

  /** Replaces what a state holds; nothing of it can be invalid any more. */
  private void takeUp(StateFolder.Content state) {
    state.fillWeights(weights);
    if (optimizer != null) {
      optimizer.close();
    }
    optimizer = state.optimizer();
    if (reference != null && !state.hasReference()) {
      replaceReference(null);
    } else if (state.hasReference()) {
      Parameters kept =
          reference == null ? Parameters.zeros(architecture.parameters(), manager) : reference;
      state.fillReference(kept);
      reference = kept;
    }
  }

  @Override
  public void close() {
    open.close(manager::close);
  }

  /** The folder that this policy was loaded from. */
  public Path source() {
    return source;
  }

  /** Where configs did not fit the weights beside them, and what was made of it. */
  public ImmutableList<String> warnings() {
    return ImmutableList.copyOf(warnings);
  }

  /** The device that the weights are on. */
  public Device device() {
    return manager.getDevice();
  }

  /** All values of all parameters, a tied one once: the size of the model. */
  public long parameterCount() {
    return architecture.parameters().stream().mapToLong(Parameter::size).sum();
  }

  /** How many values each parameter has, by name. */
  public ImmutableMap<String, Long> parameterSizes() {
    return architecture.parameters().stream()
        .collect(toImmutableMap(Parameter::name, Parameter::size));
  }

  /** How much work this model's matrix products are. */
  public MatrixWork matrixWork() {
    return MatrixWork.of(architecture);
  }

  /** A copy of the gradient that has been accumulated for a parameter. */
  double[] gradient(String parameter) {
    return gradients().values(parameter, manager, kernels);
  }

  /** Arrays that outlive a call: weights, reference, gradients, moments and tables. */
  int liveArrays() {
    return manager.getManagedArrays().size();
  }

  private Parameters weights(Weights which) {
    open.require();
    if (which == Weights.POLICY) {
      return weights;
    }
    if (reference == null) {
      throw new IllegalStateException("no reference is kept; call keepReference first");
    }
    return reference;
  }

  private Parameters gradients() {
    if (gradients == null) {
      gradients = Parameters.zeros(trained.all(), manager);
    }
    return gradients;
  }

  private Optimizer optimizer() {
    if (optimizer == null) {
      optimizer = new Optimizer(architecture, manager);
    }
    return optimizer;
  }

  /** Runs a pass whose arrays are gone when it returns. */
  private <T> T inScope(Function<NDManager, T> pass) {
    return open.call(
        () -> {
          try (NDManager scope = manager.newSubManager()) {
            return pass.apply(scope);
          }
        });
  }

  /** The names of the model classes that can be loaded. */
  public static ImmutableList<String> supportedArchitectures() {
    return Architecture.SUPPORTED;
  }
}
