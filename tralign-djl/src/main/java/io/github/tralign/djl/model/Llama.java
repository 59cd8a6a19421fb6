package io.github.tralign.djl.model;

import static io.github.tralign.djl.model.ParameterShape.bias;
import static io.github.tralign.djl.model.ParameterShape.matrix;
import static io.github.tralign.djl.model.ParameterShape.norm;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.djl.checkpoint.ConfigJson;

/**
 * Llama (Touvron et al., arXiv 2302.13971, with the grouped queries of 2307.09288), as
 * transformers' {@code LlamaForCausalLM}. Dropout is not applied in training.
 */
record Llama(
    int hiddenSize,
    int innerSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    double epsilon,
    boolean attentionBias,
    boolean mlpBias,
    Rotary rotary,
    int vocabularySize,
    int maxLength,
    boolean tied,
    double initializerRange)
    implements Architecture {

  static final String CLASS = "LlamaForCausalLM";

  private static final ImmutableSet<String> SILU = ImmutableSet.of("silu", "swish");

  static Llama of(ConfigJson config) {
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
    return new Llama(
        hidden,
        config.requiredPositiveInt("intermediate_size"),
        config.requiredPositiveInt("num_hidden_layers"),
        heads,
        keyValueHeads,
        headSize,
        config.notNegativeOr("rms_norm_eps", 1e-6),
        config.booleanOr("attention_bias", false),
        config.booleanOr("mlp_bias", false),
        RotaryConfig.whole(config, headSize),
        config.requiredPositiveInt("vocab_size"),
        config.positiveIntOr("max_position_embeddings", 2048),
        config.booleanOr("tie_word_embeddings", false),
        config.notNegativeOr("initializer_range", 0.02));
  }

  @Override
  public String kernel() {
    return "llama";
  }

  @Override
  public double[] settings() {
    return new double[] {
      heads, keyValueHeads, headSize, epsilon, attentionBias ? 1 : 0, mlpBias ? 1 : 0
    };
  }

  @Override
  public ParameterShape embedding() {
    return matrix("model.embed_tokens.weight", vocabularySize, hiddenSize);
  }

  @Override
  public ParameterShape head() {
    return tied ? embedding() : matrix("lm_head.weight", vocabularySize, hiddenSize);
  }

  @Override
  public ImmutableList<ParameterShape> body() {
    long queries = (long) heads * headSize;
    long keys = (long) keyValueHeads * headSize;
    ImmutableList.Builder<ParameterShape> body = ImmutableList.builder();
    body.add(norm("model.norm.weight", hiddenSize));
    for (int i = 0; i < layers; i++) {
      String layer = "model.layers." + i + ".";
      body.add(norm(layer + "input_layernorm.weight", hiddenSize));
      body.add(norm(layer + "post_attention_layernorm.weight", hiddenSize));
      body.add(matrix(layer + "self_attn.q_proj.weight", queries, hiddenSize));
      body.add(matrix(layer + "self_attn.k_proj.weight", keys, hiddenSize));
      body.add(matrix(layer + "self_attn.v_proj.weight", keys, hiddenSize));
      body.add(matrix(layer + "self_attn.o_proj.weight", hiddenSize, queries));
      body.add(matrix(layer + "mlp.gate_proj.weight", innerSize, hiddenSize));
      body.add(matrix(layer + "mlp.up_proj.weight", innerSize, hiddenSize));
      body.add(matrix(layer + "mlp.down_proj.weight", hiddenSize, innerSize));
      if (attentionBias) {
        body.add(bias(layer + "self_attn.q_proj.bias", queries));
        body.add(bias(layer + "self_attn.k_proj.bias", keys));
        body.add(bias(layer + "self_attn.v_proj.bias", keys));
        body.add(bias(layer + "self_attn.o_proj.bias", hiddenSize));
      }
      if (mlpBias) {
        body.add(bias(layer + "mlp.gate_proj.bias", innerSize));
        body.add(bias(layer + "mlp.up_proj.bias", innerSize));
        body.add(bias(layer + "mlp.down_proj.bias", hiddenSize));
      }
    }
    return body.build();
  }

  @Override
  public ImmutableList<ParameterShape> afterAttention() {
    String last = "model.layers." + (layers - 1);
    return body().stream()
        .filter(
            it ->
                it.name().startsWith(last + ".mlp.")
                    || it.name().startsWith(last + ".self_attn.o_proj."))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public boolean derived(String tensor) {
    return tensor.endsWith(".rotary_emb.inv_freq") || (tied && tensor.equals("lm_head.weight"));
  }
}
