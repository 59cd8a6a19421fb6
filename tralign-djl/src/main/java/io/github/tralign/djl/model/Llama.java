package io.github.tralign.djl.model;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.DecoderSpec.Activation;
import io.github.tralign.djl.model.DecoderSpec.Norm;

/**
 * Llama (Touvron et al., arXiv 2302.13971, with grouped-query attention as in 2307.09288), as
 * transformers' {@code LlamaForCausalLM}. Dropout is never applied in training.
 */
final class Llama {

  static final String CLASS = "LlamaForCausalLM";
  private static final String HEAD = "lm_head";
  private static final ImmutableSet<String> SILU = ImmutableSet.of("silu", "swish");

  private Llama() {}

  static Architecture of(ConfigJson config) {
    int hidden = config.requiredPositiveInt("hidden_size");
    int heads = config.requiredPositiveInt("num_attention_heads");
    int keyValueHeads = config.positiveIntOrNull("num_key_value_heads", heads);
    if (hidden % heads != 0) {
      throw config.unexpected("num_attention_heads", "a divisor of hidden_size " + hidden);
    }
    if (heads % keyValueHeads != 0) {
      throw config.unexpected("num_key_value_heads", "a divisor of num_attention_heads " + heads);
    }
    if (!SILU.contains(config.stringOr("hidden_act", "silu"))) {
      throw config.unexpected("hidden_act", "silu");
    }
    int headSize = config.positiveIntOrNull("head_dim", hidden / heads);
    int layers = Architecture.layers(config);
    int vocabulary = config.requiredPositiveInt("vocab_size");
    DecoderSpec spec =
        DecoderSpec.builder()
            .heads(heads)
            .keyValueHeads(keyValueHeads)
            .headSize(headSize)
            .norm(Norm.RMS)
            .epsilon(config.nonNegativeOr("rms_norm_eps", 1e-6))
            .activation(Activation.SILU)
            .addRotaries(RotaryConfig.whole(config, headSize))
            .rotaryOfLayer(ImmutableIntArray.copyOf(new int[layers]))
            .build();
    return new Architecture(
        spec,
        weights(config, spec, vocabulary, hidden),
        vocabulary,
        config.positiveIntOr("max_position_embeddings", 2048),
        config.nonNegativeOr("initializer_range", 0.02),
        ImmutableList.of(".rotary_emb.inv_freq"),
        HEAD);
  }

  private static WeightMap weights(
      ConfigJson config, DecoderSpec spec, int vocabulary, int hidden) {
    long queries = (long) spec.heads() * spec.headSize();
    long keys = (long) spec.keyValueHeads() * spec.headSize();
    int inner = config.requiredPositiveInt("intermediate_size");
    boolean attentionBias = config.booleanOr("attention_bias", false);
    boolean mlpBias = config.booleanOr("mlp_bias", false);
    WeightMap.Builder weights =
        WeightMap.builder()
            .matrix(Part.EMBEDDING, "model.embed_tokens", vocabulary, hidden)
            .norm(Part.FINAL_NORM, "model.norm", hidden);
    for (int i = 0; i < spec.layers(); i++) {
      weights
          .in(i, "model.layers." + i + ".")
          .norm(Part.ATTENTION_NORM, "input_layernorm", hidden)
          .norm(Part.MLP_NORM, "post_attention_layernorm", hidden)
          .matrix(Part.Q, "self_attn.q_proj", queries, hidden)
          .matrix(Part.K, "self_attn.k_proj", keys, hidden)
          .matrix(Part.V, "self_attn.v_proj", keys, hidden)
          .matrix(Part.O, "self_attn.o_proj", hidden, queries)
          .matrix(Part.GATE, "mlp.gate_proj", inner, hidden)
          .matrix(Part.UP, "mlp.up_proj", inner, hidden)
          .matrix(Part.DOWN, "mlp.down_proj", hidden, inner);
      if (attentionBias) {
        weights
            .bias(Part.Q, "self_attn.q_proj", queries)
            .bias(Part.K, "self_attn.k_proj", keys)
            .bias(Part.V, "self_attn.v_proj", keys)
            .bias(Part.O, "self_attn.o_proj", hidden);
      }
      if (mlpBias) {
        weights
            .bias(Part.GATE, "mlp.gate_proj", inner)
            .bias(Part.UP, "mlp.up_proj", inner)
            .bias(Part.DOWN, "mlp.down_proj", hidden);
      }
    }
    if (!config.booleanOr("tie_word_embeddings", false)) {
      weights.outside().matrix(Part.HEAD, HEAD, vocabulary, hidden);
    }
    return weights.build();
  }
}
