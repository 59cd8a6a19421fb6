package io.github.tralign.djl.model;

import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.OptionalInt;

/**
 * Mistral (Jiang et al., arXiv 2310.06825), as transformers' {@code MistralForCausalLM}: Llama
 * without biases, with a sliding window in all layers or in none. {@code MinistralForCausalLM} is
 * the same with windows by layer. Dropout is never applied in training.
 */
final class Mistral {

  static final String CLASS = "MistralForCausalLM";
  static final String BY_LAYER = "MinistralForCausalLM";
  private static final int MAX_LENGTH = 131_072;

  private Mistral() {}

  static Architecture of(ConfigJson config) {
    boolean slides = window(config).isPresent();
    LayerTypes types = LayerTypes.of(config, layer -> slides);
    if (types.sliding().contains(slides ? 0 : 1)) {
      throw config.unexpected(
          "layer_types",
          (slides ? LayerTypes.SLIDING : LayerTypes.FULL) + " only, as sliding_window says");
    }
    return of(config, LlamaVariant.headSizeOrNull(config), types);
  }

  static Architecture byLayer(ConfigJson config) {
    if (window(config).isEmpty()) {
      throw config.unexpected("sliding_window", "a whole number > 0"); // transformers fails too
    }
    return of(config, config.requiredPositiveInt("head_dim"), LayerTypes.of(config, layer -> true));
  }

  private static Architecture of(ConfigJson config, int headSize, LayerTypes types) {
    int heads = config.requiredPositiveInt("num_attention_heads");
    String keys = "num_key_value_heads";
    int window =
        SlidingWindow.effective(
            window(config).orElse(0), LlamaVariant.maxLength(config, MAX_LENGTH));
    return LlamaVariant.of(config)
        .headSize(headSize)
        .keyValueHeads(config.contains(keys) ? config.positiveIntOrNull(keys, heads) : 8)
        .defaultMaxLength(MAX_LENGTH)
        .computation(it -> it.windowOfLayer(types.choose(0, window)))
        .build()
        .architecture();
  }

  private static OptionalInt window(ConfigJson config) {
    return SlidingWindow.window(config, OptionalInt.of(4096));
  }
}
