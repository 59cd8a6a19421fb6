package io.github.tralign.djl.model;

import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.DecoderSpec.Activation;

/**
 * The first Gemma (Gemma Team, arXiv 2403.08295), as transformers' {@code GemmaForCausalLM}: Llama
 * with scaled embeddings, norms whose stored weights are less by 1, and another activation. Dropout
 * is never applied in training.
 */
final class Gemma {

  static final String CLASS = "GemmaForCausalLM";

  /** The longest sequence if a config has none, in Gemma and Gemma 2. */
  static final int MAX_LENGTH = 8192;

  private Gemma() {}

  static Architecture of(ConfigJson config) {
    Activation named = ActivationConfig.of(config, "hidden_act", "gelu_pytorch_tanh");
    // Early checkpoints say "gelu", but were trained with the approximation by tanh.
    boolean early = config.stringOr("hidden_act", "").equals("gelu");
    return variant(config)
        .keyValueHeads(config.positiveIntOr("num_key_value_heads", 16))
        .defaultMaxLength(MAX_LENGTH)
        .activation(early ? Activation.GELU_TANH : named)
        .computation(it -> scaled(it, config))
        .build()
        .architecture();
  }

  /** What all Gemma families have in common, apart from {@link #scaled}. */
  static LlamaVariantBuilder variant(ConfigJson config) {
    if (config.has("use_bidirectional_attention")
        && config.booleanOr("use_bidirectional_attention", false)) {
      throw config.unexpected("use_bidirectional_attention", "false or null");
    }
    boolean attentionBias = config.booleanOr("attention_bias", false);
    return LlamaVariant.of(config)
        .headSize(headSize(config))
        .tiedByDefault(true)
        .queryKeyValueBias(attentionBias)
        .outputBias(attentionBias);
  }

  /** The size of a head, in all Gemma families. */
  static int headSize(ConfigJson config) {
    return config.positiveIntOr("head_dim", 256);
  }

  /** The scale of the embeddings and the form of the norms' weights, in all Gemma families. */
  static DecoderSpecBuilder scaled(DecoderSpecBuilder spec, ConfigJson config) {
    return spec.normOffset(1).embeddingScale(Math.sqrt(config.requiredPositiveInt("hidden_size")));
  }
}
