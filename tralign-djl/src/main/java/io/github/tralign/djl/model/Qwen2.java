package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;

/**
 * Qwen2 and Qwen2.5 (Yang et al., arXiv 2407.10671 and 2412.15115), as transformers' {@code
 * Qwen2ForCausalLM}: Llama with biases of queries, keys and values. Dropout is never applied in
 * training.
 */
final class Qwen2 {

  static final String CLASS = "Qwen2ForCausalLM";

  /** The longest sequence if a config has none, in all Qwen families. */
  static final int MAX_LENGTH = 32_768;

  private Qwen2() {}

  static Architecture of(ConfigJson config) {
    ImmutableIntArray windows =
        SlidingWindow.qwen(config, LlamaVariant.maxLength(config, MAX_LENGTH));
    return LlamaVariant.of(config)
        .headSize(LlamaVariant.headSize(config))
        .keyValueHeads(keyValueHeads(config))
        .defaultMaxLength(MAX_LENGTH)
        .queryKeyValueBias(true)
        .computation(it -> it.windowOfLayer(windows))
        .build()
        .architecture();
  }

  /** The number of key and value heads: 32 if the config has none, one for each query if null. */
  static int keyValueHeads(ConfigJson config) {
    String key = "num_key_value_heads";
    return config.contains(key)
        ? config.positiveIntOrNull(key, config.requiredPositiveInt("num_attention_heads"))
        : 32;
  }
}
