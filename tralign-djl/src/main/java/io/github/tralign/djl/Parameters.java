package io.github.tralign.djl;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Maps;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.adapter.AdapterFolder;
import io.github.tralign.djl.adapter.AdapterModule;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.Dtype;
import io.github.tralign.djl.huggingface.Nf4Tensor;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.policy.NonFiniteWeightsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The values of a model's parameters, or of some of them, by name: in fp32, and matrices that are
 * not trained possibly in 16 or 4 bits. Tied parameters appear once.
 *
 * @param arrays the values, in the order of {@link Architecture#parameters()}
 */
record Parameters(ImmutableMap<String, NDArray> arrays) {

  /** Values per copy between Java and the engine: 16 MiB. */
  static final int CHUNK = 1 << 22;

  /**
   * Reads the weights of a checkpoint.
   *
   * @param parameters those that are read
   * @param precision the type in memory of each, if it is a matrix
   * @throws InvalidInputException if a value is NaN or infinite, or a file cannot be read
   */
  static Parameters load(
      CheckpointFolder folder,
      SavedModel model,
      List<Parameter> parameters,
      Function<Parameter, BasePrecision> precision,
      NDManager manager,
      Kernels kernels) {
    ByteBuffer chunk = chunk();
    Set<String> quantized = new HashSet<>(); // what stays in 4 bits
    Parameters in4Bits = new Parameters(ImmutableMap.of());
    for (Parameter matrix : parameters) {
      Nf4Tensor source = folder.quantized().get(model.tensors().get(matrix.name()));
      if (source != null
          && precision.apply(matrix) == BasePrecision.AUTO
          && Nf4Matrix.canBe(matrix)) {
        quantized.add(matrix.name());
        in4Bits = in4Bits.plus(new Parameters(Nf4Matrix.load(matrix, source, manager, kernels)));
      }
    }
    return in4Bits.plus(
        make(
            parameters.stream().filter(it -> !quantized.contains(it.name())).toList(),
            shape -> {
              String tensor = Objects.requireNonNull(model.tensors().get(shape.name()));
              NDArray array =
                  empty(
                      shape,
                      precision.apply(shape).of(shape, folder.dtype(tensor)),
                      manager,
                      kernels);
              try {
                fill(
                    array,
                    finite(
                        folder.path(),
                        tensor,
                        (first, target) -> folder.readFloat32(tensor, first, target)),
                    chunk,
                    kernels);
              } catch (RuntimeException e) {
                array.close();
                throw e;
              }
              return array;
            }));
  }

  private static NDArray empty(Parameter shape, Dtype type, NDManager manager, Kernels kernels) {
    return type == Dtype.F32
        ? manager.create(shape(shape), DataType.FLOAT32)
        : in16Bits(shape.dimensions().toArray(), type, manager, kernels);
  }

  /** An array without values in BF16 or F16, which DJL cannot make. */
  static NDArray in16Bits(long[] shape, Dtype type, NDManager manager, Kernels kernels) {
    long torchType = type == Dtype.BF16 ? 15 : 5; // of c10::ScalarType
    try (NDArray like = manager.create(0f)) {
      return kernels.call(manager, "empty", like, shape, torchType);
    }
  }

  private static TensorSource.Reader source(SafetensorsFile file, String tensor) {
    return finite(file.path(), tensor, (first, target) -> file.readFloat32(tensor, first, target));
  }

  /** The same values, of a file that a user gave. */
  private static TensorSource.Reader finite(Path file, String name, TensorSource.Reader reader) {
    return (first, target) -> {
      int start = target.position();
      reader.read(first, target);
      int bad = firstNonFinite(target, start);
      if (bad >= 0) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "%s: the tensor '%s' is %s at index %d; weights must be finite",
                file,
                name,
                target.get(bad),
                first + bad - start));
      }
    };
  }

  /** The index of the first NaN or infinite value from {@code start} to the position, or −1. */
  private static int firstNonFinite(FloatBuffer values, int start) {
    for (int i = start; i < values.position(); i++) {
      if (!Float.isFinite(values.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Replaces all values with those in {@code file}, whose tensors are named {@code prefix + name}.
   */
  void fill(SafetensorsFile file, String prefix, Kernels kernels) {
    ByteBuffer chunk = chunk();
    arrays.forEach(
        (name, array) ->
            fill(
                array,
                (first, target) -> file.readFloat32(prefix + name, first, target),
                chunk,
                kernels));
  }

  /**
   * Adds an adapter: {@code W + scaling · B·A} in fp32, and replaces what it replaces.
   *
   * @throws InvalidInputException if a value is NaN or infinite, or the file cannot be read
   */
  void add(AdapterFolder adapter, Kernels kernels) {
    SafetensorsFile file = adapter.file();
    ByteBuffer chunk = chunk();
    for (AdapterModule module : adapter.modules()) {
      NDArray matrix = get(module.matrix());
      try (NDManager scope = matrix.getManager().newSubManager()) {
        NDArray a = load(module.a(), module.a().name(), file, chunk, scope, kernels);
        NDArray b = load(module.b(), module.b().name(), file, chunk, scope, kernels);
        kernels.run("add_low_rank", matrix, a, b, module.scaling(), module.isTransposed());
      }
    }
    adapter
        .replaced()
        .forEach((parameter, tensor) -> fill(get(parameter), source(file, tensor), chunk, kernels));
  }

  /** Reads parameters, by the names of their tensors, from a file that a user gave. */
  static Parameters load(
      List<Parameter> parameters,
      Function<Parameter, String> tensors,
      SafetensorsFile file,
      NDManager manager,
      Kernels kernels) {
    ByteBuffer chunk = chunk();
    return make(parameters, it -> load(it, tensors.apply(it), file, chunk, manager, kernels));
  }

  private static NDArray load(
      Parameter parameter,
      String tensor,
      SafetensorsFile file,
      ByteBuffer chunk,
      NDManager manager,
      Kernels kernels) {
    NDArray array = manager.create(shape(parameter), DataType.FLOAT32);
    try {
      fill(array, source(file, tensor), chunk, kernels);
    } catch (RuntimeException e) {
      array.close();
      throw e;
    }
    return array;
  }

  /** These and others, of other names. */
  Parameters plus(Parameters others) {
    return new Parameters(
        ImmutableMap.<String, NDArray>builder()
            .putAll(arrays)
            .putAll(others.arrays())
            .buildOrThrow());
  }

  /** These but for some. */
  Parameters without(List<Parameter> some) {
    Set<String> names = some.stream().map(Parameter::name).collect(toImmutableSet());
    return new Parameters(
        ImmutableMap.copyOf(Maps.filterKeys(arrays, name -> !names.contains(name))));
  }

  /** Some of these. */
  Parameters only(List<Parameter> some) {
    ImmutableMap.Builder<String, NDArray> values = ImmutableMap.builder();
    some.forEach(it -> values.put(it.name(), get(it)));
    return new Parameters(values.buildOrThrow());
  }

  /** Zeros in the shapes of the given parameters. */
  static Parameters zeros(List<Parameter> parameters, NDManager manager) {
    return make(parameters, shape -> zeros(shape, manager));
  }

  /** Zeros in the shape of one parameter. */
  static NDArray zeros(Parameter shape, NDManager manager) {
    return manager.zeros(shape(shape), DataType.FLOAT32);
  }

  /** A deep copy. */
  Parameters copy() {
    ImmutableMap.Builder<String, NDArray> copies = ImmutableMap.builder();
    arrays.forEach((name, array) -> copies.put(name, array.duplicate()));
    return new Parameters(copies.build());
  }

  /** Sets all values to zero. */
  void zero(Kernels kernels) {
    kernels.run("zero", all());
  }

  /**
   * The values of a parameter.
   *
   * @throws IllegalArgumentException if it is not among these
   */
  NDArray get(Parameter parameter) {
    return find(parameter)
        .orElseThrow(() -> new IllegalArgumentException("no parameter '" + parameter.name() + "'"));
  }

  /** A matrix as [out, in], or as it is stored; decoded if it is in 4 bits. */
  NDArray matrix(Parameter parameter, NDManager scope, Kernels kernels) {
    return find(parameter).orElseGet(() -> Nf4Matrix.decode(parameter, this, scope, kernels));
  }

  /** The values of a parameter, or empty if it is not among these. */
  Optional<NDArray> find(Parameter parameter) {
    return Optional.ofNullable(arrays.get(parameter.name()));
  }

  /** All arrays, in order. */
  List<NDArray> all() {
    return arrays.values().asList();
  }

  /**
   * A parameter's values, to be read.
   *
   * @throws IllegalArgumentException if it is not among these
   */
  ArrayValues values(String name, NDManager manager, Kernels kernels) {
    NDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException(
          "no parameter '"
              + name
              + "'; expected one of "
              + ImmutableSortedSet.copyOf(arrays.keySet()));
    }
    return new ArrayValues(array, manager, kernels);
  }

  /**
   * Sources of the weights for writing a checkpoint; each part is copied when it is written.
   *
   * @return sources that throw {@link NonFiniteWeightsException} if a weight is NaN or infinite
   */
  Map<String, TensorSource> sources(NDManager manager, Kernels kernels) {
    Map<String, TensorSource> sources = new TreeMap<>(sources("", manager, kernels));
    sources.replaceAll(
        (name, source) -> new TensorSource(source.dimensions(), finite(name, source.reader())));
    return sources;
  }

  private static TensorSource.Reader finite(String name, TensorSource.Reader reader) {
    return (first, target) -> {
      int start = target.position();
      reader.read(first, target);
      int bad = firstNonFinite(target, start);
      if (bad >= 0) {
        throw new NonFiniteWeightsException(name, first + bad - start, target.get(bad));
      }
    };
  }

  /** Sources of the values, finite or not, named {@code prefix + name}. */
  Map<String, TensorSource> sources(String prefix, NDManager manager, Kernels kernels) {
    Map<String, TensorSource> sources = new TreeMap<>();
    arrays.forEach(
        (name, array) ->
            sources.put(
                prefix + name,
                TensorSource.of(
                    array.getShape().getShape(),
                    (first, target) -> read(array, first, target, manager, kernels))));
    return sources;
  }

  void close() {
    arrays.values().forEach(NDArray::close);
  }

  private static Parameters make(List<Parameter> parameters, Function<Parameter, NDArray> maker) {
    ImmutableMap.Builder<String, NDArray> arrays = ImmutableMap.builder();
    try {
      for (Parameter shape : parameters) {
        arrays.put(shape.name(), maker.apply(shape));
      }
    } catch (RuntimeException e) {
      new Parameters(arrays.build()).close(); // the manager may live on
      throw e;
    }
    return new Parameters(arrays.build());
  }

  private static Shape shape(Parameter parameter) {
    return new Shape(parameter.dimensions().toArray());
  }

  private static ByteBuffer chunk() {
    return ByteBuffer.allocateDirect(CHUNK * Float.BYTES).order(ByteOrder.nativeOrder());
  }

  private static void fill(
      NDArray array, TensorSource.Reader source, ByteBuffer chunk, Kernels kernels) {
    for (long first = 0; first < array.size(); first += CHUNK) {
      int length = (int) Math.min(CHUNK, array.size() - first);
      chunk.clear().limit(length * Float.BYTES);
      source.read(first, chunk.asFloatBuffer());
      try (NDManager scope = array.getManager().newSubManager()) {
        NDArray values = scope.create(chunk, new Shape(length), DataType.FLOAT32);
        kernels.run("fill", values, array, first);
      }
    }
  }

  /** Reads values of an array, from one on, until {@code target} is full. */
  static void read(
      NDArray array, long first, FloatBuffer target, NDManager manager, Kernels kernels) {
    while (target.hasRemaining()) {
      int length = Math.min(CHUNK, target.remaining());
      try (NDManager scope = manager.newSubManager()) {
        NDArray part = kernels.call(scope, "read", array, first, length);
        target.put(part.toByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer());
      }
      first += length;
    }
  }
}
