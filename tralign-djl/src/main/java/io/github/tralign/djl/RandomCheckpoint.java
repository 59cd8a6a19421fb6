package io.github.tralign.djl;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import io.github.tralign.djl.huggingface.CheckpointWriter;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.random.L64X128Mix;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * Writes Hugging Face checkpoints of untrained models: matrices drawn from a normal distribution
 * with the config's {@code initializer_range} as standard deviation, norms set to one, biases to
 * zero.
 *
 * <pre>{@code
 * RandomCheckpoint.write(folder, config, tokenizer, 42);
 * }</pre>
 *
 * <p>Each parameter depends only on its name and the seed, and is computed with arithmetic that is
 * identical in every Java version, so the same config and seed give the same bytes. Values are
 * drawn while they are written; the model is never held in memory.
 */
public final class RandomCheckpoint {

  private RandomCheckpoint() {}

  /**
   * Writes a checkpoint.
   *
   * @param folder a new or empty folder, or an existing checkpoint, which is replaced
   * @param config the content of {@code config.json}, of one of {@link
   *     DjlModel#supportedArchitectures()}
   * @param tokenizer a folder whose tokenizer files, such as {@code tokenizer.json}, are copied
   * @param seed the random seed
   * @throws io.github.tralign.InvalidInputException if the config is invalid or its architecture is
   *     not supported, if {@code folder} may not be replaced, or if {@code tokenizer} is not a
   *     folder
   */
  public static void write(Path folder, ObjectNode config, Path tokenizer, long seed) {
    requireNonNull(folder, "folder");
    requireNonNull(config, "config");
    requireNonNull(tokenizer, "tokenizer");
    Architecture model = Architecture.of(ConfigJson.of(folder.resolve("config.json"), config));
    ImmutableMap.Builder<String, TensorSource> tensors = ImmutableMap.builder();
    for (Parameter shape : model.parameters()) {
      TensorSource.Reader values =
          switch (shape.role()) {
            case MATRIX, TRANSPOSED_MATRIX ->
                new Normal(seed, shape.name(), model.initializerRange());
            case NORM -> (first, target) -> fill(target, (float) (1 - model.spec().normOffset()));
            case BIAS -> (first, target) -> fill(target, 0);
          };
      tensors.put(shape.name(), new TensorSource(shape.dimensions(), values));
    }
    CheckpointWriter.to(folder)
        .copyFilesFrom(tokenizer)
        .replace(true)
        .write(config, tensors.build());
  }

  private static void fill(FloatBuffer target, float value) {
    while (target.hasRemaining()) {
      target.put(value);
    }
  }

  /** Independent normal values, drawn in the order in which a writer reads them. */
  private static final class Normal implements TensorSource.Reader {

    private static final double UNIT = 0x1p-53;

    // The generator's algorithm is fixed by its name; that of nextGaussian may change with Java.
    private final RandomGenerator random;
    private final double deviation;

    Normal(long seed, String parameter, double deviation) {
      long start =
          Hashing.sha256()
              .newHasher()
              .putLong(seed)
              .putString(parameter, StandardCharsets.UTF_8)
              .hash()
              .asLong();
      random = new L64X128Mix(start);
      this.deviation = deviation;
    }

    @Override
    public void read(long firstElement, FloatBuffer target) {
      while (target.hasRemaining()) {
        target.put((float) (deviation * next()));
      }
    }

    /** The Box–Muller transform ("A Note on the Generation of Random Normal Deviates", 1958). */
    private double next() {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
      return radius * StrictMath.cos(2 * StrictMath.PI * uniform());
    }

    /** A multiple of 2^−53 in [0, 1). */
    private double uniform() {
      return (random.nextLong() >>> 11) * UNIT;
    }
  }
}
