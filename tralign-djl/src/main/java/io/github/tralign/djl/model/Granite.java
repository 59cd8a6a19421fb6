package io.github.tralign.djl.model;

import io.github.tralign.djl.huggingface.ConfigJson;

/**
 * Granite 3 without experts (IBM Granite Team, "Granite 3.0 Language Models", 2024), as
 * transformers' {@code GraniteForCausalLM}: Llama with four multipliers. Dropout is never applied
 * in training.
 */
final class Granite {

  static final String CLASS = "GraniteForCausalLM";

  private Granite() {}

  static Architecture of(ConfigJson config) {
    int heads = config.requiredPositiveInt("num_attention_heads");
    boolean attentionBias = config.booleanOr("attention_bias", false);
    return LlamaVariant.of(config)
        .headSize(LlamaVariant.headSize(config))
        .keyValueHeads(config.positiveIntOrNull("num_key_value_heads", heads))
        .defaultMaxLength(2048)
        .queryKeyValueBias(attentionBias)
        .outputBias(attentionBias)
        .mlpBias(config.booleanOr("mlp_bias", false))
        .computation(
            it ->
                it.embeddingScale(config.positiveOr("embedding_multiplier", 1))
                    .residualScale(config.positiveOr("residual_multiplier", 1))
                    .scoreScale(config.positiveOr("attention_multiplier", 1))
                    .logitScale(1 / config.positiveOr("logits_scaling", 1)))
        .build()
        .architecture();
  }
}
