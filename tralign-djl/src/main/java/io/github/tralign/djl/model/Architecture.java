package io.github.tralign.djl.model;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.checkpoint.ConfigJson;
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

  /** A family by the class that {@code architectures} names in a config. */
  private static final ImmutableMap<String, Function<ConfigJson, Architecture>> FAMILIES =
      ImmutableMap.of(GptNeox.CLASS, GptNeox::of, Llama.CLASS, Llama::of);

  /** The classes that can be read, as {@code architectures} in a config names them. */
  public static final ImmutableList<String> SUPPORTED = FAMILIES.keySet().asList();

  /**
   * The architecture that a config describes.
   *
   * @throws InvalidInputException if the config names another class, lacks a key, or asks for
   *     something that is not built
   */
  public static Architecture of(ConfigJson config) {
    List<String> names = config.strings("architectures");
    for (String name : SUPPORTED) {
      Function<ConfigJson, Architecture> family = FAMILIES.get(name);
      if (family != null && names.contains(name)) {
        return family.apply(config.neededBy("a " + name));
      }
    }
    throw config.unexpected("architectures", "one of " + String.join(", ", SUPPORTED));
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
