package io.github.tralign.djl.model;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.List;
import java.util.function.Function;

/**
 * A model as a config describes it.
 *
 * @param spec what it computes
 * @param weights its parameters
 * @param vocabularySize number of rows of the embedding: ids lie below
 * @param maxLength number of positions that the model was made for
 * @param initializerRange the standard deviation with which a fresh model's matrices are drawn
 * @param derivedSuffixes ends of the names of tensors that hold nothing to learn
 * @param headName of the head in a checkpoint, tied or not
 */
public record Architecture(
    DecoderSpec spec,
    WeightMap weights,
    int vocabularySize,
    int maxLength,
    double initializerRange,
    ImmutableList<String> derivedSuffixes,
    String headName) {

  private static final int MAX_LAYERS = 10_000; // far more than any model has

  /** A class of transformers, and how its config is read. */
  private record Family(String name, Function<ConfigJson, Architecture> reader) {}

  /** By {@code model_type}. */
  private static final ImmutableMap<String, Family> FAMILIES =
      ImmutableMap.of(
          "gpt_neox", new Family(GptNeox.CLASS, GptNeox::of),
          "llama", new Family(Llama.CLASS, Llama::of));

  /** The classes that can be read, as {@code architectures} in a config names them. */
  public static final ImmutableList<String> SUPPORTED =
      FAMILIES.values().stream().map(Family::name).collect(toImmutableList());

  /**
   * The architecture that a config describes: {@code model_type} decides, and {@code architectures}
   * must agree if it is there.
   *
   * @throws InvalidInputException if the config names another class, lacks a key, or asks for
   *     something that is not built
   */
  public static Architecture of(ConfigJson config) {
    String type = config.requiredString("model_type");
    Family family = FAMILIES.get(type);
    if (family == null) {
      throw config.unexpected(
          "model_type",
          "one of "
              + FAMILIES.entrySet().stream()
                  .map(it -> it.getKey() + " (" + it.getValue().name() + ")")
                  .collect(joining(", ")));
    }
    List<String> named = config.strings("architectures");
    if (!named.isEmpty() && !named.contains(family.name())) {
      throw config.unexpected("architectures", family.name() + ", as model_type is " + type);
    }
    if (!config.booleanOr("is_causal", true)) {
      throw config.unexpected("is_causal", "true");
    }
    if (config.object("per_layer_config").filter(it -> !it.json().isEmpty()).isPresent()) {
      throw config.unexpected("per_layer_config", "none, since all layers must be alike");
    }
    OtherKeys.check(config);
    return family.reader().apply(config.neededBy("a " + family.name()));
  }

  /** The number of layers, bounded since all of their parameters are listed. */
  static int layers(ConfigJson config) {
    int layers = config.requiredPositiveInt("num_hidden_layers");
    if (layers > MAX_LAYERS) {
      throw config.unexpected("num_hidden_layers", "at most " + MAX_LAYERS);
    }
    return layers;
  }

  /** All parameters, a tied one once. */
  public ImmutableList<Parameter> parameters() {
    return weights.all();
  }

  /** Whether another model has the same parameters and does the same with them. */
  public boolean computesAs(Architecture other) {
    return spec.equals(other.spec) && weights.equals(other.weights);
  }

  /**
   * Whether a tensor of a checkpoint holds nothing to learn, such as the masks and frequencies that
   * older versions of transformers wrote, so that it can be left out.
   */
  public boolean derived(String tensor) {
    return derivedSuffixes.stream().anyMatch(tensor::endsWith)
        || (weights.tied() && tensor.equals(headName + ".weight"));
  }
}
