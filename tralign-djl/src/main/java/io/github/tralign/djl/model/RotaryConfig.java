package io.github.tralign.djl.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rotary settings of a config as transformers 5 does, in the forms of transformers 4,
 * transformers 5 and mixtures of both. Only the first of {@code rope_scaling} and {@code
 * rope_parameters} that is not empty is used. A value in it takes precedence over one at the top
 * level of the config, and that over the default.
 */
final class RotaryConfig {

  static final String TYPE = "rope_type";
  static final String OLD_TYPE = "type";
  static final String ORIGINAL = "original_max_position_embeddings";
  private static final String LONGEST = "max_position_embeddings";
  private static final String THETA = "rope_theta";
  private static final String SHARE = "partial_rotary_factor";

  private final ConfigJson config;
  private final ConfigJson rope;
  private final int headSize;
  private final double defaultTheta;
  private final int maxLength;

  private RotaryConfig(
      ConfigJson config, ConfigJson rope, int headSize, double defaultTheta, int defaultMaxLength) {
    this.config = config;
    this.rope = rope;
    this.headSize = headSize;
    this.defaultTheta = defaultTheta;
    this.maxLength = LlamaVariant.maxLength(config, defaultMaxLength);
    for (Map.Entry<String, JsonNode> entry : rope.json().properties()) {
      if (entry.getValue().isObject()) {
        throw rope.unexpected(
            entry.getKey(),
            "a number or a string, since all layers must have the same rotary settings");
      }
    }
  }

  /**
   * The rotary embedding of a family that rotates whole heads.
   *
   * @param defaultTheta the base of the frequencies if the config has none
   * @param defaultMaxLength the longest sequence if the config has none
   */
  static Rotary whole(ConfigJson config, int headSize, double defaultTheta, int defaultMaxLength) {
    return new RotaryConfig(config, rope(config), headSize, defaultTheta, defaultMaxLength)
        .whole(THETA, config.contains(ORIGINAL) ? config : rope(config));
  }

  /**
   * The rotary embedding of one kind of layers, in a family that rotates whole heads and has other
   * settings in {@link LayerTypes#FULL full} layers than in {@link LayerTypes#SLIDING sliding}
   * ones. They are in {@code rope_parameters} under the kind's name; in the form of transformers 4,
   * those of full layers are in {@code rope_scaling}.
   *
   * @param topLevelKey the key of the base of the frequencies at the top level of the config; null
   *     if there is none for this kind
   * @param defaultTheta the base of the frequencies if the config has none
   * @param defaultMaxLength the longest sequence if the config has none
   */
  static Rotary ofKind(
      ConfigJson config,
      String kind,
      int headSize,
      @Nullable String topLevelKey,
      double defaultTheta,
      int defaultMaxLength) {
    ConfigJson rope = NestedRope.of(config, kind);
    return new RotaryConfig(config, rope, headSize, defaultTheta, defaultMaxLength)
        .whole(topLevelKey, rope);
  }

  /** The rotary embedding of GPT-NeoX, which rotates a part of each head and has its own keys. */
  static Rotary gptNeox(ConfigJson config, int headSize) {
    RotaryConfig it = new RotaryConfig(config, rope(config), headSize, 10_000, 2048);
    Rotary plain = it.partial("rotary_emb_base", "rotary_pct", 0.25);
    if (it.type().equals("yarn") && plain.share() % 2 != 0) { // transformers drops a value
      boolean inside = it.rope.contains(SHARE);
      throw (inside ? it.rope : config)
          .unexpected(
              inside ? SHARE : "rotary_pct",
              "a share of heads that is an even number of values, since rope_type is yarn");
    }
    return it.read(it.type(), plain, config.contains(ORIGINAL) ? config : it.rope, it.maxLength);
  }

  /** The rotary embedding of StableLM, which rotates a part of each head. */
  static Rotary stableLm(ConfigJson config, int headSize, int defaultMaxLength) {
    RotaryConfig it = new RotaryConfig(config, rope(config), headSize, 10_000, defaultMaxLength);
    Rotary plain = it.partial(THETA, SHARE, 0.25);
    if (plain.share() % 2 != 0) {
      throw it.holder(SHARE).unexpected(SHARE, "a share of heads that is an even number of values");
    }
    return it.read(it.type(), plain, config.contains(ORIGINAL) ? config : it.rope, it.maxLength);
  }

  /**
   * The rotary embedding of Phi-3, which may rotate a part of each head. It is LongRoPE or has no
   * scaling; {@code su} and {@code yarn} are earlier names of LongRoPE.
   */
  static Rotary phi3(ConfigJson config, int headSize) {
    RotaryConfig it = new RotaryConfig(config, rope(config), headSize, 10_000, Phi3.MAX_LENGTH);
    String type = it.type();
    if (type.equals("su") && !it.rope.contains(ORIGINAL)) {
      throw it.rope.unexpected(ORIGINAL, "a number, since rope_type is su");
    }
    type = type.equals("su") || type.equals("yarn") ? "longrope" : type;
    if (!type.equals("default") && !type.equals("longrope")) {
      throw it.unexpectedType("one of default, longrope");
    }
    return it.read(type, it.partial(THETA, SHARE, 1), config, Phi3.MAX_LENGTH);
  }

  /** The one object with the settings of all layers. */
  private static ConfigJson rope(ConfigJson config) {
    Optional<ConfigJson> parameters = notEmpty(config, "rope_parameters");
    return notEmpty(config, "rope_scaling")
        .or(() -> parameters)
        .orElseGet(() -> ConfigJson.of(config.file(), JsonNodeFactory.instance.objectNode()));
  }

  private static Optional<ConfigJson> notEmpty(ConfigJson config, String key) {
    return config.object(key).filter(it -> !it.json().isEmpty());
  }

  private Rotary whole(@Nullable String thetaKey, ConfigJson holderOfOriginal) {
    // Except for the default type, transformers reads a share here and fails if it is below 1.
    boolean named = rope.contains(SHARE) || config.has(SHARE);
    if (named && !type().equals("default") && share(SHARE, 1) != headSize) {
      throw holder(SHARE).unexpected(SHARE, "1, since this model rotates whole heads");
    }
    if (headSize % 2 != 0) {
      throw config.unexpected(
          config.has("head_dim") ? "head_dim" : "num_attention_heads",
          "heads of an even size, not " + headSize);
    }
    Rotary plain = new Rotary(headSize, theta(thetaKey), FrequencyScaling.NONE);
    return read(type(), plain, holderOfOriginal, maxLength);
  }

  private Rotary partial(String thetaKey, String shareKey, double defaultShare) {
    int share = share(shareKey, defaultShare);
    if (share < 1 || share > headSize - share % 2) {
      boolean inside = rope.contains(SHARE);
      throw (inside ? rope : config)
          .unexpected(
              inside ? SHARE : shareKey,
              "a share of a head's " + headSize + " values that is from 1 to " + headSize);
    }
    return new Rotary(share, theta(thetaKey), FrequencyScaling.NONE);
  }

  private double theta(@Nullable String topLevelKey) {
    if (rope.contains(THETA)) {
      return rope.requiredPositive(THETA);
    }
    return topLevelKey == null ? defaultTheta : config.positiveOr(topLevelKey, defaultTheta);
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

  /**
   * Applies the scaling.
   *
   * @param holderOfOriginal where {@code original_max_position_embeddings} may be
   * @param original its value if it is absent
   */
  private Rotary read(String type, Rotary plain, ConfigJson holderOfOriginal, int original) {
    if (Set.of("yarn", "longrope", "dynamic").contains(type) && config.contains(LONGEST)) {
      config.requiredPositiveInt(LONGEST); // whose exact value such scalings may depend on
    }
    RotaryScaling scaling = new RotaryScaling(rope, plain, holderOfOriginal, original, maxLength);
    return switch (type) {
      case "default" -> plain;
      case "linear" -> scaling.linear();
      case "llama3" -> scaling.llama3();
      case "yarn" -> scaling.yarn();
      case "longrope" -> scaling.longRope();
      case "dynamic" -> scaling.dynamic();
      default -> throw unexpectedType("one of default, linear, llama3, yarn, longrope, dynamic");
    };
  }

  private InvalidInputException unexpectedType(String expected) {
    return rope.unexpected(rope.contains(TYPE) ? TYPE : OLD_TYPE, expected);
  }

  private ConfigJson holder(String key) {
    return rope.contains(key) ? rope : config;
  }
}
