package io.github.tralign.djl.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the rotary settings of a config in the forms of transformers 4 and 5, and in mixtures of
 * both, as transformers 5 does: of {@code rope_scaling} and {@code rope_parameters} the first that
 * is not empty counts alone, a value in it wins over one on top of the config, and a default is
 * taken last.
 */
final class RotaryConfig {

  private static final String TYPE = "rope_type";
  private static final String OLD_TYPE = "type";
  private static final String THETA = "rope_theta";
  private static final String SHARE = "partial_rotary_factor";
  private static final String ORIGINAL = "original_max_position_embeddings";
  private static final double DEFAULT_THETA = 10_000;

  private final ConfigJson config;
  private final ConfigJson rope;
  private final int headSize;

  private RotaryConfig(ConfigJson config, int headSize) {
    this.config = config;
    this.rope = rope(config);
    this.headSize = headSize;
  }

  /** Of a family that rotates whole heads. */
  static Rotary whole(ConfigJson config, int headSize) {
    RotaryConfig it = new RotaryConfig(config, headSize);
    // transformers reads a share here, but for the default type, and fails for one below 1.
    boolean named = it.rope.names(SHARE) || config.has(SHARE);
    if (named && !it.type().equals("default") && it.share(SHARE, 1) != headSize) {
      throw it.holder(SHARE).unexpected(SHARE, "1, since this model rotates whole heads");
    }
    if (headSize % 2 != 0) {
      throw config.unexpected(
          config.has("head_dim") ? "head_dim" : "num_attention_heads",
          "heads of an even size, not " + headSize);
    }
    return new Rotary(headSize, it.theta(THETA), it.scaling());
  }

  /** Of GPT-NeoX, which rotates a part of each head and has names of its own. */
  static Rotary partial(ConfigJson config, int headSize) {
    RotaryConfig it = new RotaryConfig(config, headSize);
    String old = "rotary_pct";
    int share = it.share(old, 0.25);
    if (share < 1 || share + share % 2 > headSize) {
      boolean inside = it.rope.names(SHARE);
      throw (inside ? it.rope : config)
          .unexpected(
              inside ? SHARE : old,
              "a share of a head's " + headSize + " values that is from 1 to " + headSize);
    }
    return new Rotary(share, it.theta("rotary_emb_base"), it.scaling());
  }

  private static ConfigJson rope(ConfigJson config) {
    Optional<ConfigJson> parameters = notEmpty(config, "rope_parameters");
    ConfigJson rope =
        notEmpty(config, "rope_scaling")
            .or(() -> parameters)
            .orElseGet(() -> ConfigJson.of(config.file(), JsonNodeFactory.instance.objectNode()));
    for (Map.Entry<String, JsonNode> entry : rope.json().properties()) {
      if (entry.getValue().isObject()) {
        throw rope.unexpected(
            entry.getKey(), "a number or a text, since all layers are rotated alike");
      }
    }
    return rope;
  }

  private static Optional<ConfigJson> notEmpty(ConfigJson config, String key) {
    return config.object(key).filter(it -> !it.json().isEmpty());
  }

  private double theta(String onTop) {
    return rope.names(THETA)
        ? rope.requiredPositive(THETA)
        : config.positiveOr(onTop, DEFAULT_THETA);
  }

  /** Values of a head that are rotated. */
  private int share(String onTop, double fallback) {
    double share =
        rope.names(SHARE) ? rope.requiredDouble(SHARE) : config.doubleOr(onTop, fallback);
    return (int) (headSize * share);
  }

  private String type() {
    return rope.names(TYPE) ? rope.requiredString(TYPE) : rope.stringOr(OLD_TYPE, "default");
  }

  private FrequencyScaling scaling() {
    return switch (type()) {
      case "default" -> FrequencyScaling.NONE;
      case "linear" -> FrequencyScaling.linear(rope.requiredPositive("factor"));
      case "llama3" ->
          FrequencyScaling.llama3(
              rope.requiredPositive("factor"),
              rope.requiredPositive("low_freq_factor"),
              rope.requiredPositive("high_freq_factor"),
              original());
      default ->
          throw rope.unexpected(
              rope.names(TYPE) ? TYPE : OLD_TYPE, "one of default, linear, llama3");
    };
  }

  /** On top of the config it wins, as Phi-3 has it. */
  private double original() {
    ConfigJson holder = config.names(ORIGINAL) ? config : rope;
    return holder.names(ORIGINAL)
        ? holder.requiredPositive(ORIGINAL)
        : config.positiveIntOr("max_position_embeddings", 2048);
  }

  private ConfigJson holder(String key) {
    return rope.names(key) ? rope : config;
  }
}
