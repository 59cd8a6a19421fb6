package io.github.tralign.djl.model;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.checkpoint.ConfigJson;
import java.util.Arrays;
import java.util.List;

/** A model as the kernels know it: its shapes, its settings and the names of its parameters. */
public interface Architecture {

  /** The classes that can be read, as {@code architectures} in a config names them. */
  ImmutableList<String> SUPPORTED = ImmutableList.of(GptNeox.CLASS, Llama.CLASS);

  /**
   * The architecture that a config describes.
   *
   * @throws InvalidInputException if the config names another class, lacks a key, or asks for
   *     something that is not built
   */
  static Architecture of(ConfigJson config) {
    List<String> names = config.strings("architectures");
    if (names.contains(GptNeox.CLASS)) {
      return GptNeox.of(config.neededBy("a " + GptNeox.CLASS));
    }
    if (names.contains(Llama.CLASS)) {
      return Llama.of(config.neededBy("a " + Llama.CLASS));
    }
    throw config.unexpected("architectures", "one of " + String.join(", ", SUPPORTED));
  }

  /** The method of the kernels that computes the body. */
  String kernel();

  /** The settings that the kernel takes, in its order. */
  double[] settings();

  /** The rotary position embedding. */
  Rotary rotary();

  /** Number of rows of the embedding: ids lie below. */
  int vocabularySize();

  /** Number of positions that the model was made for. */
  int maxLength();

  /** The table of input embeddings, [V, H]. */
  ParameterShape embedding();

  /** The parameters between embedding and head, in the kernel's order. */
  ImmutableList<ParameterShape> body();

  /**
   * Matrices of the last layer behind its attention, with their biases. Only the rows that predict
   * go through them: nobody sees the others any more.
   */
  ImmutableList<ParameterShape> afterAttention();

  /** The head, [V, H]; the very embedding where both are tied. */
  ParameterShape head();

  /** The standard deviation with which a fresh model's matrices are drawn. */
  double initializerRange();

  /**
   * Whether a tensor of a checkpoint holds nothing to learn, such as the masks and frequencies that
   * older versions of transformers wrote, so that it can be left out.
   */
  boolean derived(String tensor);

  /** Whether head and embedding are one parameter. */
  default boolean tied() {
    return head().name().equals(embedding().name());
  }

  /** Whether another model has the same parameters and does the same with them. */
  default boolean computesAs(Architecture other) {
    return kernel().equals(other.kernel())
        && Arrays.equals(settings(), other.settings())
        && Arrays.equals(rotary().frequencies(), other.rotary().frequencies())
        && parameters().equals(other.parameters());
  }

  /** All parameters, a tied one once. */
  default ImmutableList<ParameterShape> parameters() {
    ImmutableList.Builder<ParameterShape> all = ImmutableList.builder();
    all.add(embedding()).addAll(body());
    if (!tied()) {
      all.add(head());
    }
    return all.build();
  }
}
