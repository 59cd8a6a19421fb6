package io.github.tralign.djl.model;

import static io.github.tralign.djl.model.ParameterShape.bias;
import static io.github.tralign.djl.model.ParameterShape.matrix;
import static io.github.tralign.djl.model.ParameterShape.norm;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.checkpoint.ConfigJson;

/**
 * GPT-NeoX, the family of Pythia (Black et al., arXiv 2204.06745), as transformers' {@code
 * GPTNeoXForCausalLM}. Dropout is not applied in training, whatever the config says: log-ratios
 * would be noise.
 */
record GptNeox(
    int hiddenSize,
    int innerSize,
    int layers,
    int heads,
    double epsilon,
    boolean parallelResidual,
    boolean attentionBias,
    boolean geluByTanh,
    Rotary rotary,
    int vocabularySize,
    int maxLength,
    boolean tied,
    double initializerRange)
    implements Architecture {

  static final String CLASS = "GPTNeoXForCausalLM";

  static GptNeox of(ConfigJson config) {
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
    return new GptNeox(
        hidden,
        config.requiredPositiveInt("intermediate_size"),
        config.requiredPositiveInt("num_hidden_layers"),
        heads,
        config.notNegativeOr("layer_norm_eps", 1e-5),
        config.booleanOr("use_parallel_residual", true),
        config.booleanOr("attention_bias", true),
        geluByTanh(config),
        RotaryConfig.partial(config, headSize),
        config.requiredPositiveInt("vocab_size"),
        config.positiveIntOr("max_position_embeddings", 2048),
        config.booleanOr("tie_word_embeddings", false),
        config.notNegativeOr("initializer_range", 0.02));
  }

  private static boolean geluByTanh(ConfigJson config) {
    return switch (config.stringOr("hidden_act", "gelu")) {
      case "gelu", "gelu_python" -> false;
      case "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_accurate" ->
          true;
      default ->
          throw config.unexpected(
              "hidden_act", "one of gelu, gelu_new, gelu_fast, gelu_pytorch_tanh");
    };
  }

  @Override
  public String kernel() {
    return "gpt_neox";
  }

  @Override
  public double[] settings() {
    return new double[] {
      heads, epsilon, parallelResidual ? 1 : 0, attentionBias ? 1 : 0, geluByTanh ? 1 : 0
    };
  }

  @Override
  public ParameterShape embedding() {
    return matrix("gpt_neox.embed_in.weight", vocabularySize, hiddenSize);
  }

  @Override
  public ParameterShape head() {
    return tied ? embedding() : matrix("embed_out.weight", vocabularySize, hiddenSize);
  }

  @Override
  public ImmutableList<ParameterShape> body() {
    ImmutableList.Builder<ParameterShape> body = ImmutableList.builder();
    body.add(norm("gpt_neox.final_layer_norm.weight", hiddenSize));
    body.add(bias("gpt_neox.final_layer_norm.bias", hiddenSize));
    for (int i = 0; i < layers; i++) {
      String layer = "gpt_neox.layers." + i + ".";
      body.add(norm(layer + "input_layernorm.weight", hiddenSize));
      body.add(bias(layer + "input_layernorm.bias", hiddenSize));
      body.add(norm(layer + "post_attention_layernorm.weight", hiddenSize));
      body.add(bias(layer + "post_attention_layernorm.bias", hiddenSize));
      body.add(matrix(layer + "attention.query_key_value.weight", 3L * hiddenSize, hiddenSize));
      body.add(matrix(layer + "attention.dense.weight", hiddenSize, hiddenSize));
      body.add(matrix(layer + "mlp.dense_h_to_4h.weight", innerSize, hiddenSize));
      body.add(bias(layer + "mlp.dense_h_to_4h.bias", innerSize));
      body.add(matrix(layer + "mlp.dense_4h_to_h.weight", hiddenSize, innerSize));
      body.add(bias(layer + "mlp.dense_4h_to_h.bias", hiddenSize));
      if (attentionBias) {
        body.add(bias(layer + "attention.query_key_value.bias", 3L * hiddenSize));
        body.add(bias(layer + "attention.dense.bias", hiddenSize));
      }
    }
    return body.build();
  }

  @Override
  public ImmutableList<ParameterShape> afterAttention() {
    String last = "gpt_neox.layers." + (layers - 1);
    return body().stream()
        .filter(
            it ->
                it.name().startsWith(last + ".mlp.")
                    || it.name().startsWith(last + ".attention.dense."))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public boolean derived(String tensor) {
    return tensor.endsWith(".attention.bias")
        || tensor.endsWith(".attention.masked_bias")
        || tensor.endsWith(".rotary_emb.inv_freq")
        || (tied && tensor.equals("embed_out.weight"));
  }
}
