package io.github.tralign.djl.model;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The architecture of a model, as its config describes it.
 *
 * @param spec what it computes
 * @param weights its parameters
 * @param vocabularySize number of rows of the embedding V; token ids are in [0, V)
 * @param maxLength the longest sequence that the model was made for, in tokens
 * @param initializerRange standard deviation of an untrained model's matrices
 * @param residualRange the same of the matrices whose results are added to the residual stream
 * @param derivedSuffixes suffixes of the names of tensors that are not parameters
 * @param headName the head's name in a checkpoint, whether tied or not
 */
public record Architecture(
    DecoderSpec spec,
    WeightMap weights,
    int vocabularySize,
    int maxLength,
    double initializerRange,
    double residualRange,
    ImmutableList<String> derivedSuffixes,
    String headName) {

  /** Text models by the {@code model_type} of their multimodal relatives. */
  private static final ImmutableMap<String, String> MULTIMODAL =
      ImmutableMap.of(
          "gemma3", "a Gemma3ForCausalLM (gemma3_text)", "mistral3", "a MistralForCausalLM");

  /** The keys of the number of experts; above 0 in mixtures of experts. */
  private static final ImmutableList<String> EXPERTS =
      ImmutableList.of("num_experts", "num_local_experts");

  private static final int MAX_LAYERS = 10_000; // far more than any model has

  /** A model class of transformers, and the reader of its config. */
  private record Family(String name, Function<ConfigJson, Architecture> reader) {}

  /** By {@code model_type}. */
  private static final ImmutableMap<String, Family> FAMILIES =
      ImmutableMap.<String, Family>builder()
          .put("gemma", new Family(Gemma.CLASS, Gemma::of))
          .put("gemma2", new Family(Gemma2.CLASS, Gemma2::of))
          .put("gemma3_text", new Family(Gemma3.CLASS, Gemma3::of))
          .put("gpt2", new Family(Gpt2.CLASS, Gpt2::of))
          .put("gpt_neox", new Family(GptNeox.CLASS, GptNeox::of))
          .put("granite", new Family(Granite.CLASS, Granite::of))
          .put("llama", new Family(Llama.CLASS, Llama::of))
          .put("ministral", new Family(Mistral.BY_LAYER, Mistral::byLayer))
          .put("mistral", new Family(Mistral.CLASS, Mistral::of))
          .put("olmo2", new Family(Olmo2.CLASS, Olmo2::of))
          .put("olmo3", new Family(Olmo3.CLASS, Olmo3::of))
          .put("phi3", new Family(Phi3.CLASS, Phi3::of))
          .put("qwen2", new Family(Qwen2.CLASS, Qwen2::of))
          .put("qwen3", new Family(Qwen3.CLASS, Qwen3::of))
          .put("smollm3", new Family(SmolLm3.CLASS, SmolLm3::of))
          .put("stablelm", new Family(StableLm.CLASS, StableLm::of))
          .put("starcoder2", new Family(Starcoder2.CLASS, Starcoder2::of))
          .buildOrThrow();

  /** The supported model classes, named as in a config's {@code architectures}. */
  public static final ImmutableList<String> SUPPORTED =
      FAMILIES.values().stream().map(Family::name).collect(toImmutableList());

  /**
   * Reads the architecture from a config: {@code model_type} determines the family, and {@code
   * architectures} must agree if present.
   *
   * @throws InvalidInputException if the config's model is not supported, a required key is
   *     missing, or a value is invalid or not supported
   */
  public static Architecture of(ConfigJson config) {
    String type = config.requiredString("model_type");
    Family family = FAMILIES.get(type);
    if (MULTIMODAL.containsKey(type)) {
      throw config.unexpected(
          "model_type",
          "a text model, such as " + MULTIMODAL.get(type) + "; multimodal ones are not supported");
    }
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
    for (String experts : EXPERTS) {
      if (config.has(experts) && config.intOr(experts, 0) > 0) {
        throw config.unexpected(experts, "0, since mixtures of experts are not supported");
      }
    }
    IgnoredKeys.check(config);
    return family.reader().apply(config.requiredBy("a " + family.name()));
  }

  /** The number of layers; limited, because all their parameters are listed. */
  static int layers(ConfigJson config) {
    String key = layersKey(config);
    int layers = config.requiredPositiveInt(key);
    if (layers > MAX_LAYERS) {
      throw config.unexpected(key, "at most " + MAX_LAYERS);
    }
    return layers;
  }

  /** The key of the number of layers; GPT-2 has one of its own. */
  static String layersKey(ConfigJson config) {
    String key = "num_hidden_layers";
    boolean own = config.stringOr("model_type", "").equals("gpt2") && !config.contains(key);
    return own ? "n_layer" : key;
  }

  /** All parameters, in the model's order; tied parameters appear once. */
  public ImmutableList<Parameter> parameters() {
    return weights.all();
  }

  /**
   * The parameters that can be trained, in the model's order: those of the adapter if there is one,
   * and then those that it replaces, else all.
   */
  public ImmutableList<Parameter> trainable() {
    return weights.adapters().isEmpty()
        ? weights.all()
        : Stream.concat(
                weights.adapters().stream().filter(Parameter::isMatrix), weights.whole().stream())
            .collect(toImmutableList());
  }

  /**
   * The same architecture with an adapter.
   *
   * @param adapters its parameters
   * @param whole the parameters of the model that it replaces by copies of its own
   */
  public Architecture with(ImmutableList<Parameter> adapters, ImmutableList<Parameter> whole) {
    return new Architecture(
        spec,
        new WeightMap(weights.all(), adapters, whole),
        vocabularySize,
        maxLength,
        initializerRange,
        residualRange,
        derivedSuffixes,
        headName);
  }

  /** The standard deviation of a matrix of an untrained model. */
  public double deviation(Parameter matrix) {
    return matrix.part() == Part.O || matrix.part() == Part.DOWN ? residualRange : initializerRange;
  }

  /** Whether another architecture has the same parameters and the same computation. */
  public boolean computesAs(Architecture other) {
    return spec.equals(other.spec) && weights.equals(other.weights);
  }

  /**
   * Whether a tensor of a checkpoint is not a parameter and can be ignored, such as the attention
   * masks and rotary frequencies that older versions of transformers wrote.
   */
  public boolean derived(String tensor) {
    return derivedSuffixes.stream().anyMatch(tensor::endsWith)
        || (weights.tied() && tensor.equals(headName + ".weight"));
  }
}
