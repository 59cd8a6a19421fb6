package io.github.tralign.djl;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.huggingface.CheckpointWriter;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/**
 * Writes Hugging Face checkpoints of untrained models: matrices drawn from a normal distribution
 * with the config's {@code initializer_range} as standard deviation, norms set to one, biases to
 * zero. In GPT-2, the deviation of matrices whose results are added to the residual stream is
 * divided by √(2 · layers), as in transformers.
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
            case MATRIX, TRANSPOSED_MATRIX -> normal(seed, shape.name(), model.deviation(shape));
            case NORM -> (first, target) -> fill(target, (float) (1 - model.spec().normOffset()));
            case BIAS, ADAPTER_A, ADAPTER_B, ADAPTER_SCALE -> (first, target) -> fill(target, 0);
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
  private static TensorSource.Reader normal(long seed, String parameter, double deviation) {
    RandomValues random = new RandomValues(seed, parameter);
    return (first, target) -> {
      while (target.hasRemaining()) {
        target.put((float) (deviation * random.normal()));
      }
    };
  }
}
