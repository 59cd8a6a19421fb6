package io.github.tralign.djl.model;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.DecoderSpec.Norm;

/**
 * GPT-NeoX, the family of Pythia (Black et al., arXiv 2204.06745), as transformers' {@code
 * GPTNeoXForCausalLM}. Dropout is never applied in training, since it would make log-ratios noisy.
 */
final class GptNeox {

  static final String CLASS = "GPTNeoXForCausalLM";
  private static final String HEAD = "embed_out";

  private GptNeox() {}

  static Architecture of(ConfigJson config) {
    int hidden = config.requiredPositiveInt("hidden_size");
    int heads = config.requiredPositiveInt("num_attention_heads");
    if (hidden % heads != 0) {
      throw config.unexpected("num_attention_heads", "a divisor of hidden_size " + hidden);
    }
    int headSize = hidden / heads;
    if (config.positiveIntOrNull("head_dim", headSize) != headSize) {
      throw config.unexpected(
          "head_dim", headSize + ", which is hidden_size / num_attention_heads");
    }
    int layers = Architecture.layers(config);
    int vocabulary = config.requiredPositiveInt("vocab_size");
    DecoderSpec spec =
        DecoderSpec.builder()
            .heads(heads)
            .keyValueHeads(heads)
            .headSize(headSize)
            .interleaved(true)
            .parallel(config.booleanOr("use_parallel_residual", true))
            .norm(Norm.LAYER)
            .epsilon(config.nonNegativeOr("layer_norm_eps", 1e-5))
            .activation(ActivationConfig.of(config, "hidden_act", "gelu"))
            .addRotaries(RotaryConfig.gptNeox(config, headSize))
            .rotaryOfLayer(ImmutableIntArray.copyOf(new int[layers]))
            .build();
    double range = config.nonNegativeOr("initializer_range", 0.02);
    return new Architecture(
        spec,
        weights(config, layers, vocabulary, hidden),
        vocabulary,
        LlamaVariant.maxLength(config, 2048),
        range,
        range,
        ImmutableList.of(".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"),
        HEAD);
  }

  private static WeightMap weights(ConfigJson config, int layers, int vocabulary, int hidden) {
    int inner = config.requiredPositiveInt("intermediate_size");
    boolean attentionBias = config.booleanOr("attention_bias", true);
    WeightMap.Builder weights =
        WeightMap.builder()
            .matrix(Part.EMBEDDING, "gpt_neox.embed_in", vocabulary, hidden)
            .norm(Part.FINAL_NORM, "gpt_neox.final_layer_norm", hidden)
            .bias(Part.FINAL_NORM, "gpt_neox.final_layer_norm", hidden);
    for (int i = 0; i < layers; i++) {
      weights
          .in(i, "gpt_neox.layers." + i + ".")
          .norm(Part.ATTENTION_NORM, "input_layernorm", hidden)
          .bias(Part.ATTENTION_NORM, "input_layernorm", hidden)
          .norm(Part.MLP_NORM, "post_attention_layernorm", hidden)
          .bias(Part.MLP_NORM, "post_attention_layernorm", hidden)
          .matrix(Part.QKV, "attention.query_key_value", 3L * hidden, hidden)
          .matrix(Part.O, "attention.dense", hidden, hidden)
          .matrix(Part.UP, "mlp.dense_h_to_4h", inner, hidden)
          .bias(Part.UP, "mlp.dense_h_to_4h", inner)
          .matrix(Part.DOWN, "mlp.dense_4h_to_h", hidden, inner)
          .bias(Part.DOWN, "mlp.dense_4h_to_h", hidden);
      if (attentionBias) {
        weights
            .bias(Part.QKV, "attention.query_key_value", 3L * hidden)
            .bias(Part.O, "attention.dense", hidden);
      }
    }
    if (!config.booleanOr("tie_word_embeddings", false)) {
      weights.outside().matrix(Part.HEAD, HEAD, vocabulary, hidden);
    }
    return weights.build();
  }
}
