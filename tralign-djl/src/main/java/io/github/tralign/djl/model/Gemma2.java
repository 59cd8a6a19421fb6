package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.LlamaVariant.Norms;

/**
 * Gemma 2 (Gemma Team, arXiv 2408.00118), as transformers' {@code Gemma2ForCausalLM}: Gemma with
 * norms before and after attention and MLP, capped scores and logits, and a sliding window in every
 * other layer. Dropout is never applied in training.
 */
final class Gemma2 {

  static final String CLASS = "Gemma2ForCausalLM";

  private Gemma2() {}

  static Architecture of(ConfigJson config) {
    LayerTypes types = LayerTypes.of(config, layer -> layer % 2 == 0);
    ImmutableIntArray windows =
        SlidingWindow.of(config, types, 4096, LlamaVariant.maxLength(config, Gemma.MAX_LENGTH));
    return variant(config)
        .defaultMaxLength(Gemma.MAX_LENGTH)
        .computation(
            it ->
                scaled(it, config)
                    .windowOfLayer(windows)
                    .scoreCap(cap(config, "attn_logit_softcapping", 50))
                    .logitCap(cap(config, "final_logit_softcapping", 30)))
        .build()
        .architecture();
  }

  /** What Gemma 2 and Gemma 3 have in common, apart from {@link #scaled}. */
  static LlamaVariantBuilder variant(ConfigJson config) {
    return Gemma.variant(config)
        .keyValueHeads(config.positiveIntOr("num_key_value_heads", 4))
        .norms(Norms.AROUND)
        .activation(ActivationConfig.of(config, "hidden_activation", "gelu_pytorch_tanh"));
  }

  /** The scales of Gemma 2 and Gemma 3. */
  static DecoderSpecBuilder scaled(DecoderSpecBuilder spec, ConfigJson config) {
    return Gemma.scaled(spec, config)
        .scoreScale(1 / Math.sqrt(config.positiveIntOr("query_pre_attn_scalar", 256)));
  }

  /** A cap, or 0 for none if it is null. */
  static double cap(ConfigJson config, String key, double ifAbsent) {
    return config.contains(key) && !config.has(key) ? 0 : config.positiveOr(key, ifAbsent);
  }
}
