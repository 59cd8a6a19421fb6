package io.github.tralign.djl.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding (Su et al., arXiv 2104.09864), with the same frequencies as
 * transformers, in the same precision.
 *
 * @param share number of values of a head to rotate, as configured; an odd number is rounded up
 * @param theta the base of the frequencies, > 0
 * @param scaling applied to the frequencies
 */
public record Rotary(int share, double theta, FrequencyScaling scaling) {

  /** The frequencies in fp32, one per pair of rotated values. */
  public float[] frequencies() {
    float[] frequencies = new float[rotated() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = scaling.of(1 / (float) Math.pow(theta, (float) (2 * i) / share));
    }
    return frequencies;
  }

  /** Whether {@code other} has the same frequencies. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rotary rotary && Arrays.equals(frequencies(), rotary.frequencies());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(frequencies());
  }

  /** The number of values of a head that are rotated; even. */
  public int rotated() {
    return share + share % 2;
  }

  /** Cosines for positions from 0 [length, rotated], row-major; both halves of a row are equal. */
  public float[] cosines(int length) {
    return table(length, true);
  }

  /** Sines for positions from 0 [length, rotated], row-major; both halves of a row are equal. */
  public float[] sines(int length) {
    return table(length, false);
  }

  private float[] table(int length, boolean cosine) {
    float[] frequencies = frequencies();
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
}
