package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * SmolLM3, as transformers' {@code SmolLM3ForCausalLM}: Llama without rotary embedding in every
 * fourth layer (NoPE; Yang et al., arXiv 2501.18795). Dropout is never applied in training.
 */
final class SmolLm3 {

  static final String CLASS = "SmolLM3ForCausalLM";
  private static final int MAX_LENGTH = 32_768;

  private SmolLm3() {}

  static Architecture of(ConfigJson config) {
    int heads = config.requiredPositiveInt("num_attention_heads");
    String keys = "num_key_value_heads";
    boolean attentionBias = config.booleanOr("attention_bias", false);
    ImmutableIntArray rotaries = rotaryOfLayer(config);
    ImmutableIntArray windows =
        SlidingWindow.switchedOn(
            config,
            OptionalInt.empty(),
            layer -> rotaries.get(layer) < 0,
            LlamaVariant.maxLength(config, MAX_LENGTH));
    return LlamaVariant.of(config)
        .headSize(LlamaVariant.headSize(config))
        .keyValueHeads(config.contains(keys) ? config.positiveIntOrNull(keys, heads) : 4)
        .defaultTheta(2e6)
        .defaultMaxLength(MAX_LENGTH)
        .tiedByDefault(true)
        .queryKeyValueBias(attentionBias)
        .outputBias(attentionBias)
        .mlpBias(config.booleanOr("mlp_bias", false))
        .rotaryOfLayer(rotaries)
        .computation(it -> it.windowOfLayer(windows))
        .build()
        .architecture();
  }

  /** The layers whose entry in {@code no_rope_layers} is 0 have no rotary embedding. */
  private static ImmutableIntArray rotaryOfLayer(ConfigJson config) {
    String key = "no_rope_layers";
    int layers = Architecture.layers(config);
    int interval = config.positiveIntOr("no_rope_layer_interval", 4);
    List<Integer> listed = config.intOrInts(key);
    if (config.has(key) && listed.size() < layers
        || listed.stream().anyMatch(it -> it != 0 && it != 1)) {
      throw config.unexpected(key, "for each of num_hidden_layers " + layers + " 0 or 1");
    }
    return ImmutableIntArray.copyOf(
        IntStream.range(0, layers)
            .map(i -> listed.isEmpty() ? (i + 1) % interval : listed.get(i))
            .map(rotates -> rotates == 0 ? -1 : 0));
  }
}
