package io.github.tralign.djl.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the rotary settings of a config as transformers 5 does, in the forms of transformers 4,
 * transformers 5 and mixtures of both. Only the first of {@code rope_scaling} and {@code
 * rope_parameters} that is not empty is used. A value in it takes precedence over one at the top
 * level of the config, and that over the default.
 */
final class RotaryConfig {

  private static final String TYPE = "rope_type";
  private static final String OLD_TYPE = "type";
  private static final String THETA = "rope_theta";
  private static final String SHARE = "partial_rotary_factor";
  private static final String ORIGINAL = "original_max_position_embeddings";

  private final ConfigJson config;
  private final ConfigJson rope;
  private final int headSize;
  private final double defaultTheta;
  private final int defaultMaxLength;

  private RotaryConfig(ConfigJson config, int headSize, double defaultTheta, int defaultMaxLength) {
    this.config = config;
    this.rope = rope(config);
    this.headSize = headSize;
    this.defaultTheta = defaultTheta;
    this.defaultMaxLength = defaultMaxLength;
  }

  /**
   * The rotary embedding of a family that rotates whole heads.
   *
   * @param defaultTheta the base of the frequencies if the config has none
   * @param defaultMaxLength the longest sequence if the config has none
   */
  static Rotary whole(ConfigJson config, int headSize, double defaultTheta, int defaultMaxLength) {
    RotaryConfig it = new RotaryConfig(config, headSize, defaultTheta, defaultMaxLength);
    // Except for the default type, transformers reads a share here and fails if it is below 1.
    boolean named = it.rope.contains(SHARE) || config.has(SHARE);
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

  /** The rotary embedding of GPT-NeoX, which rotates a part of each head and has its own keys. */
  static Rotary partial(ConfigJson config, int headSize) {
    RotaryConfig it = new RotaryConfig(config, headSize, 10_000, 2048);
    String old = "rotary_pct";
    int share = it.share(old, 0.25);
    if (share < 1 || share + share % 2 > headSize) {
      boolean inside = it.rope.contains(SHARE);
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
            entry.getKey(),
            "a number or a string, since all layers must have the same rotary settings");
      }
    }
    return rope;
  }

  private static Optional<ConfigJson> notEmpty(ConfigJson config, String key) {
    return config.object(key).filter(it -> !it.json().isEmpty());
  }

  private double theta(String topLevelKey) {
    return rope.contains(THETA)
        ? rope.requiredPositive(THETA)
        : config.positiveOr(topLevelKey, defaultTheta);
  }

  /** The number of values of a head to rotate. */
  private int share(String topLevelKey, double fallback) {
    double share =
        rope.contains(SHARE) ? rope.requiredDouble(SHARE) : config.doubleOr(topLevelKey, fallback);
    return (int) (headSize * share);
  }

  private String type() {
    return rope.contains(TYPE) ? rope.requiredString(TYPE) : rope.stringOr(OLD_TYPE, "default");
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
              rope.contains(TYPE) ? TYPE : OLD_TYPE, "one of default, linear, llama3");
    };
  }

  /** A value at the top level of the config takes precedence, as in Phi-3. */
  private double original() {
    ConfigJson holder = config.contains(ORIGINAL) ? config : rope;
    return holder.contains(ORIGINAL)
        ? holder.requiredPositive(ORIGINAL)
        : config.positiveIntOr("max_position_embeddings", defaultMaxLength);
  }

  private ConfigJson holder(String key) {
    return rope.contains(key) ? rope : config;
  }
}
