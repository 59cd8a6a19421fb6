package io.github.tralign.djl.model;

import io.github.tralign.djl.checkpoint.ConfigJson;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding (Su et al., arXiv 2104.09864), with the frequencies that transformers
 * computes, in its precision.
 *
 * @param frequencies one per pair of rotated values, in fp32; half the rotated size
 */
public record Rotary(float[] frequencies) {

  /**
   * Reads either form of the config: {@code rope_parameters} of transformers 5, or the top-level
   * {@code rope_theta}, {@code rotary_emb_base}, {@code rotary_pct} and {@code rope_scaling} of
   * version 4.
   *
   * @param headSize size of an attention head
   * @param partialFactor the share of a head that is rotated where the config names none
   */
  static Rotary of(ConfigJson config, int headSize, double partialFactor) {
    Optional<ConfigJson> parameters = config.object("rope_parameters");
    Optional<ConfigJson> scaling =
        parameters.isPresent() ? parameters : config.object("rope_scaling");
    ConfigJson rope = parameters.orElse(config);
    double theta = rope.doubleOr("rope_theta", config.doubleOr("rotary_emb_base", 10000));
    double share =
        rope.doubleOr("partial_rotary_factor", config.doubleOr("rotary_pct", partialFactor));
    int rotated = (int) (headSize * share);
    if (rotated < 2 || rotated > headSize || rotated % 2 != 0) {
      throw config.unexpected(
          config.has("rotary_pct") ? "rotary_pct" : "rope_parameters",
          "to rotate an even number of a head's " + headSize + " values, not " + rotated);
    }
    float[] frequencies = frequencies(theta, rotated);
    scaling.ifPresent(it -> scale(frequencies, it));
    return new Rotary(frequencies);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rotary rotary && Arrays.equals(frequencies, rotary.frequencies);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(frequencies);
  }

  /** Number of values of a head that are rotated. */
  public int rotated() {
    return 2 * frequencies.length;
  }

  /** Cosines for the positions from 0: [length, rotated], both halves alike. */
  public float[] cosines(int length) {
    return table(length, true);
  }

  /** Sines for the positions from 0: [length, rotated], both halves alike. */
  public float[] sines(int length) {
    return table(length, false);
  }

  private float[] table(int length, boolean cosine) {
    int half = frequencies.length;
    float[] table = new float[Math.multiplyExact(length, 2 * half)];
    for (int position = 0; position < length; position++) {
      for (int i = 0; i < half; i++) {
        float angle = position * frequencies[i];
        float value = (float) (cosine ? Math.cos(angle) : Math.sin(angle));
        table[2 * half * position + i] = value;
        table[2 * half * position + half + i] = value;
      }
    }
    return table;
  }

  private static float[] frequencies(double theta, int rotated) {
    float[] frequencies = new float[rotated / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = 1 / (float) Math.pow(theta, (float) (2 * i) / rotated);
    }
    return frequencies;
  }

  private static void scale(float[] frequencies, ConfigJson scaling) {
    String type = scaling.stringOr("rope_type", scaling.stringOr("type", "default"));
    switch (type) {
      case "default" -> {}
      case "linear" -> {
        float factor = (float) scaling.requiredDouble("factor");
        for (int i = 0; i < frequencies.length; i++) {
          frequencies[i] /= factor;
        }
      }
      case "llama3" -> scaleLlama3(frequencies, scaling);
      default ->
          throw scaling.unexpected(
              scaling.has("rope_type") ? "rope_type" : "type", "one of default, linear, llama3");
    }
  }

  /** Llama 3.1: long waves are stretched by the factor, short ones kept, those between blended. */
  private static void scaleLlama3(float[] frequencies, ConfigJson scaling) {
    double factor = scaling.requiredDouble("factor");
    double low = scaling.requiredDouble("low_freq_factor");
    double high = scaling.requiredDouble("high_freq_factor");
    double original = scaling.requiredDouble("original_max_position_embeddings");
    for (int i = 0; i < frequencies.length; i++) {
      double wave = 2 * Math.PI / frequencies[i];
      if (wave > original / low) {
        frequencies[i] = (float) (frequencies[i] / factor);
      } else if (wave >= original / high) {
        double smooth = (original / wave - low) / (high - low);
        frequencies[i] =
            (float) ((1 - smooth) * (frequencies[i] / factor) + smooth * frequencies[i]);
      }
    }
  }
}
