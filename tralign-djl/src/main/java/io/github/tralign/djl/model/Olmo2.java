package io.github.tralign.djl.model;

import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.LlamaVariant.Norms;
import io.github.tralign.djl.model.LlamaVariant.QueryKeyNorms;

/**
 * OLMo 2 (OLMo et al., arXiv 2501.00656), as transformers' {@code Olmo2ForCausalLM}: Llama with
 * norms after attention and MLP instead of before them, and norms of the whole queries and keys.
 * Dropout is never applied in training.
 */
final class Olmo2 {

  static final String CLASS = "Olmo2ForCausalLM";

  private Olmo2() {}

  static Architecture of(ConfigJson config) {
    return variant(config)
        .defaultMaxLength(2048)
        .computation(it -> normed(it, config))
        .build()
        .architecture();
  }

  /** What OLMo 2 and OLMo 3 have in common, apart from {@link #normed}. */
  static LlamaVariantBuilder variant(ConfigJson config) {
    int heads = config.requiredPositiveInt("num_attention_heads");
    boolean attentionBias = config.booleanOr("attention_bias", false);
    return LlamaVariant.of(config)
        .headSize(LlamaVariant.headSize(config))
        .keyValueHeads(config.positiveIntOrNull("num_key_value_heads", heads))
        .queryKeyValueBias(attentionBias)
        .outputBias(attentionBias)
        .norms(Norms.AFTER)
        .queryKeyNorms(QueryKeyNorms.WHOLE);
  }

  /** The epsilon of OLMo 2 and OLMo 3. */
  static DecoderSpecBuilder normed(DecoderSpecBuilder spec, ConfigJson config) {
    return spec.epsilon(config.nonNegativeOr("rms_norm_eps", 1e-5));
  }
}
