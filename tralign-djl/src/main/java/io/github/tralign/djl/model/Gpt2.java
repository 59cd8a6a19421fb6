package io.github.tralign.djl.model;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.DecoderSpec.Norm;
import java.util.Arrays;

/**
 * GPT-2 (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019), as
 * transformers' {@code GPT2LMHeadModel}. Positions are learned, so a sequence cannot be longer than
 * {@code n_positions}. Dropout is never applied in training, since it would make log-ratios noisy.
 */
final class Gpt2 {

  static final String CLASS = "GPT2LMHeadModel";

  private static final String HEAD = "lm_head";

  private Gpt2() {}

  static Architecture of(ConfigJson config) {
    String hiddenKey = key(config, "n_embd", "hidden_size");
    int hidden = config.requiredPositiveInt(hiddenKey);
    String headsKey = key(config, "n_head", "num_attention_heads");
    int heads = config.requiredPositiveInt(headsKey);
    if (hidden % heads != 0) {
      throw config.unexpected(headsKey, "a divisor of " + hiddenKey + " " + hidden);
    }
    if (config.booleanOr("add_cross_attention", false)) {
      throw config.unexpected("add_cross_attention", "false, since there is no encoder");
    }
    config.booleanOr("reorder_and_upcast_attn", false); // affects rounding only
    int layers = Architecture.layers(config);
    int vocabulary = config.requiredPositiveInt("vocab_size");
    int positions =
        config.positiveIntOr(key(config, "n_positions", "max_position_embeddings"), 1024);
    int headSize = hidden / heads;
    boolean scaled = config.booleanOr("scale_attn_weights", true);
    double range = config.nonNegativeOr("initializer_range", 0.02);
    int[] noRotary = new int[layers];
    Arrays.fill(noRotary, -1);
    DecoderSpec spec =
        DecoderSpec.builder()
            .heads(heads)
            .keyValueHeads(heads)
            .headSize(headSize)
            .norm(Norm.LAYER)
            .epsilon(config.nonNegativeOr("layer_norm_epsilon", 1e-5))
            .activation(ActivationConfig.of(config, "activation_function", "gelu_new"))
            .scoreScale(scaled ? 1 / Math.sqrt(headSize) : 1)
            .scoresByLayer(config.booleanOr("scale_attn_by_inverse_layer_idx", false))
            .rotaryOfLayer(ImmutableIntArray.copyOf(noRotary))
            .build();
    return new Architecture(
        spec,
        weights(config, layers, vocabulary, positions, hidden),
        vocabulary,
        positions,
        range,
        range / Math.sqrt(2.0 * layers),
        ImmutableList.of(".attn.bias", ".attn.masked_bias"),
        HEAD);
  }

  /** A key, or the name that it has in other families, which takes precedence. */
  private static String key(ConfigJson config, String key, String elsewhere) {
    return config.contains(elsewhere) ? elsewhere : key;
  }

  private static WeightMap weights(
      ConfigJson config, int layers, int vocabulary, int positions, int hidden) {
    long inner = config.has("n_inner") ? config.requiredPositiveInt("n_inner") : 4L * hidden;
    WeightMap.Builder weights =
        WeightMap.builder()
            .matrix(Part.EMBEDDING, "transformer.wte", vocabulary, hidden)
            .matrix(Part.POSITION, "transformer.wpe", positions, hidden)
            .norm(Part.FINAL_NORM, "transformer.ln_f", hidden)
            .bias(Part.FINAL_NORM, "transformer.ln_f", hidden);
    for (int i = 0; i < layers; i++) {
      weights
          .in(i, "transformer.h." + i + ".")
          .norm(Part.ATTENTION_NORM, "ln_1", hidden)
          .bias(Part.ATTENTION_NORM, "ln_1", hidden)
          .transposed(Part.QKV, "attn.c_attn", hidden, 3L * hidden)
          .bias(Part.QKV, "attn.c_attn", 3L * hidden)
          .transposed(Part.O, "attn.c_proj", hidden, hidden)
          .bias(Part.O, "attn.c_proj", hidden)
          .norm(Part.MLP_NORM, "ln_2", hidden)
          .bias(Part.MLP_NORM, "ln_2", hidden)
          .transposed(Part.UP, "mlp.c_fc", hidden, inner)
          .bias(Part.UP, "mlp.c_fc", inner)
          .transposed(Part.DOWN, "mlp.c_proj", inner, hidden)
          .bias(Part.DOWN, "mlp.c_proj", hidden);
    }
    if (!config.booleanOr("tie_word_embeddings", true)) {
      weights.outside().matrix(Part.HEAD, HEAD, vocabulary, hidden);
    }
    return weights.build();
  }
}
