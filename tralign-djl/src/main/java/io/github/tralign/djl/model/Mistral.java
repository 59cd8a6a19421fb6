package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.OptionalInt;

/**
 * Mistral (Jiang et al., arXiv 2310.06825), as transformers' {@code MistralForCausalLM}: Llama
 * without biases, with a sliding window in all layers or in none. Dropout is never applied in
 * training.
 */
final class Mistral {

  static final String CLASS = "MistralForCausalLM";
  private static final int MAX_LENGTH = 131_072;

  private Mistral() {}

  static Architecture of(ConfigJson config) {
    int heads = config.requiredPositiveInt("num_attention_heads");
    String keys = "num_key_value_heads";
    ImmutableIntArray windows =
        SlidingWindow.everywhere(
            config, OptionalInt.of(4096), LlamaVariant.maxLength(config, MAX_LENGTH));
    LayerTypes types = LayerTypes.of(config, layer -> windows.get(layer) > 0);
    if (!types.equals(LayerTypes.of(config.with("layer_types", null), it -> windows.get(it) > 0))) {
      throw config.unexpected(
          "layer_types",
          "the same for all layers, as sliding_window says; " + CLASS + " ignores it");
    }
    return LlamaVariant.of(config)
        .headSize(LlamaVariant.headSizeOrNull(config))
        .keyValueHeads(config.contains(keys) ? config.positiveIntOrNull(keys, heads) : 8)
        .defaultMaxLength(MAX_LENGTH)
        .computation(it -> it.windowOfLayer(windows))
        .build()
        .architecture();
  }
}
