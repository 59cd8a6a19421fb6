package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;

/**
 * OLMo 3 (Team OLMo, arXiv 2512.13961), as transformers' {@code Olmo3ForCausalLM}: OLMo 2 with a
 * sliding window in three of four layers, whose rotary embedding is not scaled with the others'.
 * Dropout is never applied in training.
 */
final class Olmo3 {

  static final String CLASS = "Olmo3ForCausalLM";
  private static final int MAX_LENGTH = 2048;
  private static final double THETA = 500_000;

  private Olmo3() {}

  static Architecture of(ConfigJson config) {
    int headSize = LlamaVariant.headSize(config);
    LayerTypes types = LayerTypes.of(config, layer -> (layer + 1) % 4 != 0);
    ImmutableIntArray windows =
        SlidingWindow.of(config, types, 4096, LlamaVariant.maxLength(config, MAX_LENGTH));
    return Olmo2.variant(config)
        .defaultMaxLength(MAX_LENGTH)
        .addRotaries(
            RotaryConfig.ofKind(config, LayerTypes.FULL, headSize, "rope_theta", THETA, MAX_LENGTH),
            RotaryConfig.ofKind(config, LayerTypes.SLIDING, headSize, null, THETA, MAX_LENGTH))
        .rotaryOfLayer(types.choose(0, 1))
        .computation(it -> Olmo2.normed(it, config).windowOfLayer(windows))
        .build()
        .architecture();
  }
}
