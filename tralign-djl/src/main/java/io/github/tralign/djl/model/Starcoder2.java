package io.github.tralign.djl.model;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.DecoderSpec.Norm;
import java.util.OptionalInt;

/**
 * StarCoder2 (Lozhkov et al., arXiv 2402.19173), as transformers' {@code Starcoder2ForCausalLM}:
 * layer normalization, grouped-query attention with rotary embedding and a sliding window in all
 * layers or in none, and an MLP without a gate. Dropout is never applied in training.
 */
final class Starcoder2 {

  static final String CLASS = "Starcoder2ForCausalLM";
  private static final String HEAD = "lm_head";
  private static final int MAX_LENGTH = 4096;

  private Starcoder2() {}

  static Architecture of(ConfigJson config) {
    int heads = config.requiredPositiveInt("num_attention_heads");
    int keyValueHeads = config.positiveIntOr("num_key_value_heads", 2);
    if (heads % keyValueHeads != 0) {
      throw config.unexpected("num_key_value_heads", "a divisor of num_attention_heads " + heads);
    }
    int headSize = LlamaVariant.headSizeOrNull(config);
    int maxLength = LlamaVariant.maxLength(config, MAX_LENGTH);
    int layers = Architecture.layers(config);
    int vocabulary = config.requiredPositiveInt("vocab_size");
    DecoderSpec spec =
        DecoderSpec.builder()
            .heads(heads)
            .keyValueHeads(keyValueHeads)
            .headSize(headSize)
            .norm(Norm.LAYER)
            .epsilon(config.nonNegativeOr("norm_epsilon", 1e-5))
            .activation(ActivationConfig.of(config, "hidden_act", "gelu_pytorch_tanh"))
            .windowOfLayer(SlidingWindow.inAllLayers(config, OptionalInt.empty(), maxLength))
            .addRotaries(RotaryConfig.whole(config, headSize, 10_000, MAX_LENGTH))
            .rotaryOfLayer(ImmutableIntArray.copyOf(new int[layers]))
            .build();
    double range = config.nonNegativeOr("initializer_range", 0.018042);
    return new Architecture(
        spec,
        weights(config, spec, vocabulary),
        vocabulary,
        maxLength,
        range,
        range,
        ImmutableList.of(".rotary_emb.inv_freq"),
        HEAD);
  }

  private static WeightMap weights(ConfigJson config, DecoderSpec spec, int vocabulary) {
    int hidden = config.requiredPositiveInt("hidden_size");
    int inner = config.requiredPositiveInt("intermediate_size");
    long queries = (long) spec.heads() * spec.headSize();
    long keys = (long) spec.keyValueHeads() * spec.headSize();
    boolean biases = config.booleanOr("use_bias", true);
    WeightMap.Builder weights =
        WeightMap.builder()
            .matrix(Part.EMBEDDING, "model.embed_tokens", vocabulary, hidden)
            .norm(Part.FINAL_NORM, "model.norm", hidden)
            .bias(Part.FINAL_NORM, "model.norm", hidden);
    for (int i = 0; i < spec.layers(); i++) {
      weights
          .in(i, "model.layers." + i + ".")
          .norm(Part.ATTENTION_NORM, "input_layernorm", hidden)
          .bias(Part.ATTENTION_NORM, "input_layernorm", hidden)
          .norm(Part.MLP_NORM, "post_attention_layernorm", hidden)
          .bias(Part.MLP_NORM, "post_attention_layernorm", hidden)
          .matrix(Part.Q, "self_attn.q_proj", queries, hidden)
          .matrix(Part.K, "self_attn.k_proj", keys, hidden)
          .matrix(Part.V, "self_attn.v_proj", keys, hidden)
          .matrix(Part.O, "self_attn.o_proj", hidden, queries)
          .matrix(Part.UP, "mlp.c_fc", inner, hidden)
          .matrix(Part.DOWN, "mlp.c_proj", hidden, inner);
      if (biases) {
        weights
            .bias(Part.Q, "self_attn.q_proj", queries)
            .bias(Part.K, "self_attn.k_proj", keys)
            .bias(Part.V, "self_attn.v_proj", keys)
            .bias(Part.O, "self_attn.o_proj", hidden)
            .bias(Part.UP, "mlp.c_fc", inner)
            .bias(Part.DOWN, "mlp.c_proj", hidden);
      }
    }
    if (!config.booleanOr("tie_word_embeddings", true)) {
      weights.outside().matrix(Part.HEAD, HEAD, vocabulary, hidden);
    }
    return weights.build();
  }
}
