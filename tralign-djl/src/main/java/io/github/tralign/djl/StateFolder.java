package io.github.tralign.djl;

import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.djl.huggingface.SafetensorsWriter;
import io.github.tralign.djl.huggingface.TensorInfo;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A policy's state in a folder: {@code weights.safetensors}; {@code reference.safetensors} if the
 * policy has a reference; and, after the first step, {@code optimizer.safetensors} with the state
 * of the parameters that were trained. Everything is fp32, so nothing is lost.
 */
final class StateFolder {

  private static final String WEIGHTS = "weights.safetensors";
  private static final String REFERENCE = "reference.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";

  private final Path path;
  private final Architecture architecture;
  private final NDManager manager;
  private final Kernels kernels;

  StateFolder(Path path, Decoder decoder) {
    this.path = path;
    architecture = decoder.architecture();
    manager = decoder.manager();
    kernels = decoder.kernels();
  }

  /**
   * Writes the folder.
   *
   * @param reference the tensors of the reference; empty if there is none
   */
  void write(
      Parameters weights, Map<String, TensorSource> reference, @Nullable Optimizer optimizer) {
    if (optimizer != null) { // first: other processes may be waiting to contribute to it
      SafetensorsWriter.write(path.resolve(OPTIMIZER), optimizer.sources(kernels));
    }
    SafetensorsWriter.write(path.resolve(WEIGHTS), weights.sources(manager, kernels));
    if (!reference.isEmpty()) {
      SafetensorsWriter.write(path.resolve(REFERENCE), reference);
    }
  }

  /**
   * Checks the whole folder, then passes its content to {@code use}, while the files are open.
   *
   * @param ofReference the tensors that the reference requires, and their shapes
   * @throws InvalidInputException if a file is missing or invalid, or its tensors do not fit this
   *     architecture
   */
  void read(
      Function<SafetensorsFile, ImmutableMap<String, ImmutableLongArray>> ofReference,
      Consumer<Content> use) {
    try (SafetensorsFile weights = SafetensorsFile.open(path.resolve(WEIGHTS));
        @Nullable SafetensorsFile reference = openIfExists(REFERENCE);
        @Nullable SafetensorsFile optimizer = openIfExists(OPTIMIZER)) {
      check(weights);
      if (reference != null) {
        ofReference.apply(reference).forEach((name, shape) -> check(reference, name, shape));
      }
      if (optimizer != null) {
        checkOptimizer(optimizer);
      }
      use.accept(new Content(weights, reference, optimizer));
    }
  }

  /** The checked content of a folder. */
  final class Content {
    private final SafetensorsFile weights;
    private final @Nullable SafetensorsFile reference;
    private final @Nullable SafetensorsFile optimizer;

    private Content(
        SafetensorsFile weights,
        @Nullable SafetensorsFile reference,
        @Nullable SafetensorsFile optimizer) {
      this.weights = weights;
      this.reference = reference;
      this.optimizer = optimizer;
    }

    void fillWeights(Parameters target) {
      target.fill(weights, "", kernels);
    }

    Optional<SafetensorsFile> reference() {
      return Optional.ofNullable(reference);
    }

    /**
     * Restores the optimizer, or what this process has of it.
     *
     * @param fresh makes one without state
     * @return null before the first step
     */
    @Nullable Optimizer optimizer(Supplier<Optimizer> fresh) {
      if (optimizer == null) {
        return null;
      }
      Map<Parameter, Float> steps = new LinkedHashMap<>();
      for (Parameter parameter : architecture.trainable()) {
        if (trained(optimizer, parameter)) {
          FloatBuffer done = FloatBuffer.allocate(1);
          optimizer.readFloat32(Optimizer.STEP + parameter.name(), 0, done);
          steps.put(parameter, done.get(0));
        }
      }
      Optimizer read = fresh.get();
      read.begin(steps);
      read.firstMoment().fill(optimizer, Optimizer.FIRST_MOMENT, kernels);
      read.secondMoment().fill(optimizer, Optimizer.SECOND_MOMENT, kernels);
      return read;
    }
  }

  private @Nullable SafetensorsFile openIfExists(String name) {
    return Files.exists(path.resolve(name)) ? SafetensorsFile.open(path.resolve(name)) : null;
  }

  private void check(SafetensorsFile file) {
    for (Parameter parameter : architecture.trainable()) {
      check(file, parameter.name(), parameter.dimensions());
    }
  }

  private void checkOptimizer(SafetensorsFile optimizer) {
    for (Parameter parameter : architecture.trainable()) {
      if (trained(optimizer, parameter)) {
        check(optimizer, Optimizer.FIRST_MOMENT + parameter.name(), parameter.dimensions());
        check(optimizer, Optimizer.SECOND_MOMENT + parameter.name(), parameter.dimensions());
        check(optimizer, Optimizer.STEP + parameter.name(), ImmutableLongArray.of());
      }
    }
  }

  private static boolean trained(SafetensorsFile optimizer, Parameter parameter) {
    return optimizer.tensors().containsKey(Optimizer.FIRST_MOMENT + parameter.name());
  }

  private static void check(SafetensorsFile file, String name, ImmutableLongArray dimensions) {
    TensorInfo info = file.tensors().get(name);
    if (info == null || !info.dimensions().equals(dimensions)) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: expected a tensor '%s' of shape %s, found %s; the state may be of another model",
              file.path(),
              name,
              dimensions,
              info == null ? "none" : info.dimensions()));
    }
  }
}
