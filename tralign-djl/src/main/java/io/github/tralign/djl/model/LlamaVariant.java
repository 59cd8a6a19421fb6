package io.github.tralign.djl.model;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.DecoderSpec.Activation;
import io.github.tralign.djl.model.DecoderSpec.Norm;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * A family that computes like Llama, with Llama's names of tensors and config keys, apart from what
 * is stated here: RMSNorm before attention and MLP, grouped-query attention with rotary embedding,
 * and a gated MLP.
 *
 * @param config the config, from which everything else is read
 * @param headSize values per head
 * @param keyValueHeads number of key and value heads
 * @param defaultTheta the base of the rotary frequencies if the config has none
 * @param defaultMaxLength the longest sequence if the config has none, in tokens
 * @param tiedByDefault whether head and embedding are tied if the config does not say
 * @param queryKeyValueBias whether the projections to queries, keys and values have biases
 * @param outputBias whether the output projection of attention has a bias
 * @param mlpBias whether the MLP's projections have biases
 * @param norms where a layer has norms
 * @param queryKeyNorms whether and how queries and keys are normalized before rotary embedding
 * @param fused whether queries, keys and values are one matrix, and gate and up projection another
 * @param activation the MLP's activation function; if null, the one that {@code hidden_act} names
 * @param rotaries the rotary embeddings; if empty, the one that the top level of the config
 *     describes
 * @param rotaryOfLayer see {@link DecoderSpec#rotaryOfLayer}; if empty, the first one in each layer
 * @param computation sets what else is different in the computation
 */
@Value.Builder
record LlamaVariant(
    ConfigJson config,
    int headSize,
    int keyValueHeads,
    @Value.Default.Double(10_000) double defaultTheta,
    int defaultMaxLength,
    @Value.Default.Boolean(false) boolean tiedByDefault,
    @Value.Default.Boolean(false) boolean queryKeyValueBias,
    @Value.Default.Boolean(false) boolean outputBias,
    @Value.Default.Boolean(false) boolean mlpBias,
    Norms norms,
    QueryKeyNorms queryKeyNorms,
    @Value.Default.Boolean(false) boolean fused,
    @Nullable Activation activation,
    ImmutableList<Rotary> rotaries,
    ImmutableIntArray rotaryOfLayer,
    UnaryOperator<DecoderSpecBuilder> computation) {

  /** Where a layer has norms. */
  enum Norms {
    /** Before attention and MLP. */
    BEFORE,
    /** After attention and MLP. */
    AFTER,
    /** Before and after both. */
    AROUND,
    /** One before attention and MLP, which are parallel. */
    SHARED
  }

  /** Kinds of norms of queries and keys. */
  enum QueryKeyNorms {
    /** None. */
    NONE,
    /** Of each head, with one weight for all heads. */
    HEADS,
    /** Of each head, with a weight of its own. */
    OWN,
    /** Of all heads together. */
    WHOLE
  }

  private static final String HEAD = "lm_head";

  static LlamaVariantBuilder of(ConfigJson config) {
    return new LlamaVariantBuilder()
        .config(config)
        .norms(Norms.BEFORE)
        .queryKeyNorms(QueryKeyNorms.NONE)
        .rotaryOfLayer(ImmutableIntArray.of())
        .computation(it -> it);
  }

  /** The size of a head if it is that of a hidden state divided by the number of heads. */
  static int dividedHeadSize(ConfigJson config) {
    int hidden = config.requiredPositiveInt("hidden_size");
    int heads = config.requiredPositiveInt("num_attention_heads");
    if (hidden % heads != 0) {
      throw config.unexpected("num_attention_heads", "a divisor of hidden_size " + hidden);
    }
    return hidden / heads;
  }

  /** {@code head_dim}; if it is absent, {@link #dividedHeadSize}. */
  static int headSize(ConfigJson config) {
    return config.contains("head_dim")
        ? config.requiredPositiveInt("head_dim")
        : dividedHeadSize(config);
  }

  /** {@code head_dim}; if it is absent or null, {@link #dividedHeadSize}. */
  static int headSizeOrNull(ConfigJson config) {
    return config.has("head_dim") ? headSize(config) : dividedHeadSize(config);
  }

  /** The longest sequence that the model was made for, in tokens. */
  static int maxLength(ConfigJson config, int fallback) {
    return config.limitOr("max_position_embeddings", fallback);
  }

  Architecture architecture() {
    int heads = config.requiredPositiveInt("num_attention_heads");
    if (heads % keyValueHeads != 0) {
      throw config.unexpected("num_key_value_heads", "a divisor of num_attention_heads " + heads);
    }
    int layers = Architecture.layers(config);
    int vocabulary = config.requiredPositiveInt("vocab_size");
    DecoderSpecBuilder same =
        DecoderSpec.builder()
            .heads(heads)
            .keyValueHeads(keyValueHeads)
            .headSize(headSize)
            .norm(Norm.RMS)
            .epsilon(config.nonNegativeOr("rms_norm_eps", 1e-6))
            .activation(
                activation == null ? ActivationConfig.of(config, "hidden_act", "silu") : activation)
            .rotaries(
                rotaries.isEmpty()
                    ? ImmutableList.of(
                        RotaryConfig.whole(config, headSize, defaultTheta, defaultMaxLength))
                    : rotaries)
            .rotaryOfLayer(
                rotaryOfLayer.isEmpty()
                    ? ImmutableIntArray.copyOf(new int[layers])
                    : rotaryOfLayer);
    DecoderSpec spec = computation.apply(same).build();
    double range = config.nonNegativeOr("initializer_range", 0.02);
    return new Architecture(
        spec,
        weights(spec, vocabulary),
        vocabulary,
        maxLength(config, defaultMaxLength),
        range,
        range,
        ImmutableList.of(".rotary_emb.inv_freq"),
        HEAD);
  }

  private WeightMap weights(DecoderSpec spec, int vocabulary) {
    int hidden = config.requiredPositiveInt("hidden_size");
    int inner = config.requiredPositiveInt("intermediate_size");
    long queries = (long) spec.heads() * headSize;
    long keys = (long) keyValueHeads * headSize;
    WeightMap.Builder weights =
        WeightMap.builder()
            .matrix(Part.EMBEDDING, "model.embed_tokens", vocabulary, hidden)
            .norm(Part.FINAL_NORM, "model.norm", hidden);
    boolean normBias = spec.norm() == Norm.LAYER;
    if (normBias) {
      weights.bias(Part.FINAL_NORM, "model.norm", hidden);
    }
    for (int i = 0; i < spec.layers(); i++) {
      weights.in(i, "model.layers." + i + ".");
      switch (norms) {
        case BEFORE ->
            weights
                .norm(Part.ATTENTION_NORM, "input_layernorm", hidden)
                .norm(Part.MLP_NORM, "post_attention_layernorm", hidden);
        case AFTER ->
            weights
                .norm(Part.ATTENTION_POST_NORM, "post_attention_layernorm", hidden)
                .norm(Part.MLP_POST_NORM, "post_feedforward_layernorm", hidden);
        case AROUND ->
            weights
                .norm(Part.ATTENTION_NORM, "input_layernorm", hidden)
                .norm(Part.ATTENTION_POST_NORM, "post_attention_layernorm", hidden)
                .norm(Part.MLP_NORM, "pre_feedforward_layernorm", hidden)
                .norm(Part.MLP_POST_NORM, "post_feedforward_layernorm", hidden);
        case SHARED -> weights.norm(Part.ATTENTION_NORM, "input_layernorm", hidden);
      }
      if (normBias) {
        weights.bias(Part.ATTENTION_NORM, "input_layernorm", hidden);
        if (norms == Norms.BEFORE) {
          weights.bias(Part.MLP_NORM, "post_attention_layernorm", hidden);
        }
      }
      if (fused) {
        weights.matrix(Part.QKV, "self_attn.qkv_proj", queries + 2 * keys, hidden);
      } else {
        weights
            .matrix(Part.Q, "self_attn.q_proj", queries, hidden)
            .matrix(Part.K, "self_attn.k_proj", keys, hidden)
            .matrix(Part.V, "self_attn.v_proj", keys, hidden);
      }
      weights.matrix(Part.O, "self_attn.o_proj", hidden, queries);
      if (fused) {
        weights.matrix(Part.GATE_UP, "mlp.gate_up_proj", 2L * inner, hidden);
      } else {
        weights
            .matrix(Part.GATE, "mlp.gate_proj", inner, hidden)
            .matrix(Part.UP, "mlp.up_proj", inner, hidden);
      }
      weights.matrix(Part.DOWN, "mlp.down_proj", hidden, inner);
      switch (queryKeyNorms) {
        case NONE -> {}
        case HEADS ->
            weights
                .norm(Part.Q_NORM, "self_attn.q_norm", headSize)
                .norm(Part.K_NORM, "self_attn.k_norm", headSize);
        case OWN ->
            weights
                .normOfEachHead(Part.Q_NORM, "self_attn.q_layernorm.norms", spec.heads(), headSize)
                .normOfEachHead(
                    Part.K_NORM, "self_attn.k_layernorm.norms", keyValueHeads, headSize);
        case WHOLE ->
            weights
                .norm(Part.Q_NORM, "self_attn.q_norm", queries)
                .norm(Part.K_NORM, "self_attn.k_norm", keys);
      }
      if (queryKeyValueBias) {
        weights
            .bias(Part.Q, "self_attn.q_proj", queries)
            .bias(Part.K, "self_attn.k_proj", keys)
            .bias(Part.V, "self_attn.v_proj", keys);
      }
      if (outputBias) {
        weights.bias(Part.O, "self_attn.o_proj", hidden);
      }
      if (mlpBias) {
        weights
            .bias(Part.GATE, "mlp.gate_proj", inner)
            .bias(Part.UP, "mlp.up_proj", inner)
            .bias(Part.DOWN, "mlp.down_proj", hidden);
      }
    }
    if (!config.booleanOr("tie_word_embeddings", tiedByDefault)) {
      weights.outside().matrix(Part.HEAD, HEAD, vocabulary, hidden);
    }
    return weights.build();
  }
}
