package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;

/**
 * Qwen3 without experts (Yang et al., arXiv 2505.09388), as transformers' {@code Qwen3ForCausalLM}:
 * Llama with norms of each head's queries and keys. Dropout is never applied in training.
 */
final class Qwen3 {

  static final String CLASS = "Qwen3ForCausalLM";

  private Qwen3() {}

  static Architecture of(ConfigJson config) {
    ImmutableIntArray windows =
        SlidingWindow.qwen(config, LlamaVariant.maxLength(config, Qwen2.MAX_LENGTH));
    boolean attentionBias = config.booleanOr("attention_bias", false);
    return LlamaVariant.of(config)
        .headSize(config.positiveIntOr("head_dim", 128))
        .keyValueHeads(Qwen2.keyValueHeads(config))
        .defaultMaxLength(Qwen2.MAX_LENGTH)
        .queryKeyValueBias(attentionBias)
        .outputBias(attentionBias)
        .queryKeyNorms(LlamaVariant.QueryKeyNorms.HEADS)
        .computation(it -> it.windowOfLayer(windows))
        .build()
        .architecture();
  }
}
