package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableDoubleArray;
import io.github.tralign.djl.huggingface.ConfigJson;

/**
 * Reads how rotary frequencies are scaled: one method for each {@code rope_type}.
 *
 * @param rope the rotary settings
 * @param plain the rotary embedding without scaling
 * @param holderOfOriginal where {@code original_max_position_embeddings} may be
 * @param defaultOriginal its value if it is absent
 * @param maxLength {@code max_position_embeddings}
 */
record RotaryScaling(
    ConfigJson rope,
    Rotary plain,
    ConfigJson holderOfOriginal,
    int defaultOriginal,
    int maxLength) {

  private static final String FACTOR = "factor";
  private static final String ATTENTION_FACTOR = "attention_factor";

  Rotary linear() {
    return scaled(FrequencyScaling.linear(rope.requiredPositive(FACTOR)), 1);
  }

  Rotary llama3() {
    return scaled(
        FrequencyScaling.llama3(
            rope.requiredPositive(FACTOR),
            rope.requiredPositive("low_freq_factor"),
            rope.requiredPositive("high_freq_factor"),
            original()),
        1);
  }

  /** The base of the frequencies grows with the length, but not up to {@code maxLength}. */
  Rotary dynamic() {
    rope.requiredPositive(FACTOR);
    return new Rotary(plain.share(), plain.theta(), FrequencyScaling.NONE, 1, maxLength, null);
  }

  Rotary yarn() {
    if (!rope.contains(FACTOR)) {
      throw rope.unexpected(FACTOR, "a number > 0, or null");
    }
    double factor = rope.has(FACTOR) ? rope.requiredPositive(FACTOR) : maxLength / original();
    double first = pair(unlessZero("beta_fast", 32));
    double last = pair(unlessZero("beta_slow", 1));
    if (rope.booleanOr("truncate", true)) {
      first = Math.floor(first);
      last = Math.ceil(last);
    }
    return scaled(
        FrequencyScaling.yarn(factor, Math.max(first, 0), Math.min(last, plain.share() - 1)),
        rope.has(ATTENTION_FACTOR)
            ? rope.requiredPositive(ATTENTION_FACTOR)
            : attentionFactor(factor));
  }

  private double attentionFactor(double factor) {
    double scale = unlessZero("mscale", 0);
    double allDimensions = unlessZero("mscale_all_dim", 0);
    return scale == 0 || allDimensions == 0
        ? logarithmic(factor, 1)
        : logarithmic(factor, scale) / logarithmic(factor, allDimensions);
  }

  private static double logarithmic(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  /** The index, not rounded, of the pair that turns that often within the original length. */
  private double pair(double turns) {
    return plain.share()
        * Math.log(original() / (turns * 2 * Math.PI))
        / (2 * Math.log(plain.theta()));
  }

  Rotary longRope() {
    double original = original();
    if (original <= 1) {
      throw holderOfOriginal.unexpected(RotaryConfig.ORIGINAL, "a number > 1");
    }
    double factor = rope.has(FACTOR) ? rope.requiredPositive(FACTOR) : maxLength / original;
    double attentionFactor =
        rope.has(ATTENTION_FACTOR)
            ? rope.requiredPositive(ATTENTION_FACTOR)
            : factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
    return new Rotary(
        plain.share(),
        plain.theta(),
        FrequencyScaling.each(factors("short_factor")),
        attentionFactor,
        (int) original,
        FrequencyScaling.each(factors("long_factor")));
  }

  private ImmutableDoubleArray factors(String key) {
    int pairs = plain.rotated() / 2;
    ImmutableDoubleArray factors = rope.requiredDoubles(key);
    if (factors.length() != pairs || factors.stream().anyMatch(it -> it <= 0)) {
      throw rope.unexpected(key, pairs + " numbers > 0, one for each pair of rotated values");
    }
    return factors;
  }

  private Rotary scaled(FrequencyScaling scaling, double factor) {
    return new Rotary(
        plain.share(), plain.theta(), scaling, factor, plain.longest(), plain.beyond());
  }

  private double original() {
    return holderOfOriginal.positiveOr(RotaryConfig.ORIGINAL, defaultOriginal);
  }

  /** A number; the default if it is absent, null or zero. */
  private double unlessZero(String key, double fallback) {
    double value = rope.has(key) ? rope.requiredDouble(key) : 0;
    if (value < 0) {
      throw rope.unexpected(key, "a number ≥ 0");
    }
    return value == 0 ? fallback : value;
  }
}
