package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Phi-3 and Phi-4 without experts (Abdin et al., arXiv 2404.14219), as transformers' {@code
 * Phi3ForCausalLM}: Llama with fused matrices, with a sliding window in all layers or in none, and
 * with rotary embedding of a part of each head. Dropout is never applied in training.
 */
final class Phi3 {

  static final String CLASS = "Phi3ForCausalLM";

  /** The longest sequence if a config has none, and that of pre-training. */
  static final int MAX_LENGTH = 4096;

  private Phi3() {}

  static Architecture of(ConfigJson config) {
    int heads = config.requiredPositiveInt("num_attention_heads");
    int headSize = LlamaVariant.headSize(config);
    int window =
        SlidingWindow.effective(
            SlidingWindow.window(config, OptionalInt.empty()).orElse(0),
            LlamaVariant.maxLength(config, MAX_LENGTH));
    int[] windows = new int[Architecture.layers(config)];
    Arrays.fill(windows, window);
    return LlamaVariant.of(config)
        .headSize(headSize)
        .keyValueHeads(config.positiveIntOrNull("num_key_value_heads", heads))
        .defaultMaxLength(MAX_LENGTH)
        .fused(true)
        .addRotaries(RotaryConfig.phi3(config, headSize))
        .computation(
            it ->
                it.windowOfLayer(ImmutableIntArray.copyOf(windows))
                    .epsilon(config.nonNegativeOr("rms_norm_eps", 1e-5)))
        .build()
        .architecture();
  }
}
