package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.LlamaVariant.QueryKeyNorms;

/**
 * Gemma 3 for text (Gemma Team, arXiv 2503.19786), as transformers' {@code Gemma3ForCausalLM}:
 * Gemma 2 with norms of each head's queries and keys instead of capped scores, and with another
 * rotary embedding in layers with a sliding window. Dropout is never applied in training.
 */
final class Gemma3 {

  static final String CLASS = "Gemma3ForCausalLM";
  private static final int MAX_LENGTH = 131_072;

  private Gemma3() {}

  static Architecture of(ConfigJson config) {
    int headSize = Gemma.headSize(config);
    int pattern = config.positiveIntOr("sliding_window_pattern", 6);
    LayerTypes types = LayerTypes.of(config, layer -> (layer + 1) % pattern != 0);
    ImmutableIntArray windows =
        SlidingWindow.of(config, types, 4096, LlamaVariant.maxLength(config, MAX_LENGTH));
    return Gemma2.variant(config)
        .defaultMaxLength(MAX_LENGTH)
        .queryKeyNorms(QueryKeyNorms.HEADS)
        .addRotaries(
            RotaryConfig.ofKind(config, LayerTypes.FULL, headSize, "rope_theta", 1e6, MAX_LENGTH),
            RotaryConfig.ofKind(
                config, LayerTypes.SLIDING, headSize, "rope_local_base_freq", 1e4, MAX_LENGTH))
        .rotaryOfLayer(types.choose(0, 1))
        .computation(
            it ->
                Gemma2.scaled(it, config)
                    .windowOfLayer(windows)
                    .logitCap(Gemma2.cap(config, "final_logit_softcapping", 0)))
        .build()
        .architecture();
  }
}
