package io.github.tralign.djl.model;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.checkpoint.ConfigJson;
import java.util.Arrays;
import java.util.List;

/** A model as the kernels know it: its shapes, its settings and the names of its parameters. */
public interface Architecture {

  /** The class of each {@code model_type} that can be read. */
  ImmutableMap<String, String> CLASSES =
      ImmutableMap.of("gpt_neox", GptNeox.CLASS, "llama", Llama.CLASS);

  /** The classes that can be read, as {@code architectures} in a config names them. */
  ImmutableList<String> SUPPORTED = CLASSES.values().asList();

  /**
   * The architecture that a config describes: {@code model_type} decides, and {@code architectures}
   * must agree if it is there.
   *
   * @throws InvalidInputException if the config names another class, lacks a key, or asks for
   *     something that is not built
   */
  static Architecture of(ConfigJson config) {
    String type = config.requiredString("model_type");
    String name = CLASSES.get(type);
    if (name == null) {
      throw config.unexpected(
          "model_type", "one of " + Joiner.on(", ").withKeyValueSeparator(", of ").join(CLASSES));
    }
    List<String> named = config.strings("architectures");
    if (!named.isEmpty() && !named.contains(name)) {
      throw config.unexpected("architectures", name + ", as model_type is " + type);
    }
    if (!config.booleanOr("is_causal", true)) {
      throw config.unexpected("is_causal", "true");
    }
    if (config.object("per_layer_config").filter(it -> !it.json().isEmpty()).isPresent()) {
      throw config.unexpected("per_layer_config", "none, since all layers must be alike");
    }
    OtherKeys.check(config);
    ConfigJson needed = config.neededBy("a " + name);
    return name.equals(Llama.CLASS) ? Llama.of(needed) : GptNeox.of(needed);
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
        && parameters().equals(other.parameters())
        && Arrays.equals(rotary().frequencies(), other.rotary().frequencies());
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
