package io.github.tralign.djl.model;

import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.DecoderSpec.Norm;
import io.github.tralign.djl.model.LlamaVariant.Norms;
import io.github.tralign.djl.model.LlamaVariant.QueryKeyNorms;

/**
 * StableLM 2 (Bellagente et al., arXiv 2402.17834), as transformers' {@code StableLmForCausalLM}:
 * Llama with layer normalization, and heads of which a part is rotated. Dropout is never applied in
 * training.
 */
final class StableLm {

  static final String CLASS = "StableLmForCausalLM";
  private static final int MAX_LENGTH = 4096;

  private StableLm() {}

  static Architecture of(ConfigJson config) {
    int headSize = LlamaVariant.dividedHeadSize(config);
    if (config.has("head_dim") && config.requiredPositiveInt("head_dim") != headSize) {
      throw config.unexpected(
          "head_dim", headSize + ", which is hidden_size / num_attention_heads");
    }
    boolean parallel = config.booleanOr("use_parallel_residual", false);
    return LlamaVariant.of(config)
        .headSize(headSize)
        .keyValueHeads(config.positiveIntOr("num_key_value_heads", 32))
        .defaultMaxLength(MAX_LENGTH)
        .queryKeyValueBias(config.booleanOr("use_qkv_bias", false))
        .queryKeyNorms(
            config.booleanOr("qk_layernorm", false) ? QueryKeyNorms.OWN : QueryKeyNorms.NONE)
        .norms(parallel ? Norms.SHARED : Norms.BEFORE)
        .addRotaries(RotaryConfig.stableLm(config, headSize, MAX_LENGTH))
        .computation(
            it ->
                it.norm(Norm.LAYER)
                    .parallel(parallel)
                    .epsilon(config.nonNegativeOr("layer_norm_eps", 1e-5)))
        .build()
        .architecture();
  }
}
