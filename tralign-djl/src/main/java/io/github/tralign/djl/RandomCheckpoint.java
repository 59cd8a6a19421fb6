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
 * Writes Hugging Face checkpoints of models that have learned nothing yet: matrices drawn from a
 * normal distribution with the config's {@code initializer_range}, norms at one, biases at zero.
 *
 * <pre>{@code
 * RandomCheckpoint.write(folder, config, tokenizer, 42);
 * }</pre>
 *
 * <p>Each parameter is drawn from its name and the seed alone, with arithmetic that every Java
 * version computes alike, so that the same config and seed give the same bytes. Values are drawn as
 * they are written; no copy of the model is held.
 */
public final class RandomCheckpoint {

  private RandomCheckpoint() {}

  /**
   * Writes a checkpoint.
   *
   * @param folder a new or empty folder, or an earlier checkpoint, which is replaced
   * @param config of one of the {@link DjlPolicy#supportedArchitectures()}, as in {@code
   *     config.json}
   * @param tokenizer folder with the files of the tokenizer, {@code tokenizer.json} and its like,
   *     which are copied
   * @param seed any number
   * @throws io.github.tralign.InvalidInputException if the config describes no model that can be
   *     built, or a folder is none
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
            case MATRIX -> new Normal(seed, shape.name(), model.initializerRange());
            case NORM -> (first, target) -> fill(target, 1);
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

  /** Independent normal values, one after the other as a writer asks for them. */
  private static final class Normal implements TensorSource.Reader {

    private static final double UNIT = 0x1p-53;

    // The generator's name fixes its algorithm; that of nextGaussian may change with Java.
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

    /** Box and Muller's transform ("A Note on the Generation of Random Normal Deviates", 1958). */
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
