package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableIntArray;
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

  /** The window if a config has no such key. */
  private static final OptionalInt WINDOW = OptionalInt.of(4096);

  private Mistral() {}

  static Architecture of(ConfigJson config) {
    ImmutableIntArray windows = SlidingWindow.inAllLayers(config, WINDOW, maxLength(config));
    return of(config, LlamaVariant.headSizeOrNull(config), windows);
  }

  static Architecture byLayer(ConfigJson config) {
    OptionalInt window = SlidingWindow.window(config, WINDOW);
    if (window.isEmpty()) {
      throw config.unexpected("sliding_window", "a whole number > 0"); // transformers fails too
    }
    ImmutableIntArray windows =
        LayerTypes.of(config, layer -> true)
            .choose(0, SlidingWindow.effective(window.getAsInt(), maxLength(config)));
    return of(config, config.requiredPositiveInt("head_dim"), windows);
  }

  private static Architecture of(ConfigJson config, int headSize, ImmutableIntArray windows) {
    int heads = config.requiredPositiveInt("num_attention_heads");
    String keys = "num_key_value_heads";
    return LlamaVariant.of(config)
        .headSize(headSize)
        .keyValueHeads(config.contains(keys) ? config.positiveIntOrNull(keys, heads) : 8)
        .defaultMaxLength(MAX_LENGTH)
        .computation(it -> it.windowOfLayer(windows))
        .build()
        .architecture();
  }

  private static int maxLength(ConfigJson config) {
    return LlamaVariant.maxLength(config, MAX_LENGTH);
  }
}
