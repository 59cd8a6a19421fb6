package io.github.tralign.djl.model;

import io.github.tralign.djl.huggingface.ConfigJson;

/**
 * Llama (Touvron et al., arXiv 2302.13971, with grouped-query attention as in 2307.09288), as
 * transformers' {@code LlamaForCausalLM}. Dropout is never applied in training.
 */
final class Llama {

  static final String CLASS = "LlamaForCausalLM";

  private Llama() {}

  static Architecture of(ConfigJson config) {
    int heads = config.requiredPositiveInt("num_attention_heads");
    boolean attentionBias = config.booleanOr("attention_bias", false);
    return LlamaVariant.of(config)
        .headSize(config.positiveIntOrNull("head_dim", LlamaVariant.dividedHeadSize(config)))
        .keyValueHeads(config.positiveIntOrNull("num_key_value_heads", heads))
        .defaultMaxLength(2048)
        .queryKeyValueBias(attentionBias)
        .outputBias(attentionBias)
        .mlpBias(config.booleanOr("mlp_bias", false))
        .build()
        .architecture();
  }
}
