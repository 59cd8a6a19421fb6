package io.github.tralign.djl.model;

import com.google.common.primitives.Floats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding (Su et al., arXiv 2104.09864), with the same frequencies as
 * transformers, in the same precision.
 *
 * @param share number of values of a head to rotate, as configured; an odd number is rounded up
 * @param theta the base of the frequencies, > 0
 * @param scaling applied to the frequencies
 * @param factor multiplied with cosines and sines, of queries and of keys
 * @param longest number of tokens of the longest sequence with this scaling
 * @param beyond the scaling in longer sequences; null if these cannot be computed
 */
public record Rotary(
    int share,
    double theta,
    FrequencyScaling scaling,
    double factor,
    int longest,
    @Nullable FrequencyScaling beyond) {

  /** The same scaling in sequences of any length, and a factor of 1. */
  public Rotary(int share, double theta, FrequencyScaling scaling) {
    this(share, theta, scaling, 1, Integer.MAX_VALUE, null);
  }

  /**
   * The frequencies in fp32, one per pair of rotated values, in sequences up to {@link #longest}.
   */
  public float[] frequencies() {
    return frequencies(scaling);
  }

  private float[] frequencies(FrequencyScaling scaling) {
    float[] frequencies = new float[rotated() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = scaling.of((float) Math.pow(theta, (float) (2 * i) / share), i);
    }
    return frequencies;
  }

  /** The frequencies in longer sequences; the same if there is no scaling of their own. */
  public float[] frequenciesBeyond() {
    return frequencies(beyond == null ? scaling : beyond);
  }

  /** Whether {@code other} rotates by the same angles. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rotary rotary && values().equals(rotary.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  private List<?> values() {
    return List.of(
        Floats.asList(frequencies()), Floats.asList(frequenciesBeyond()), factor, longest);
  }

  /** The number of values of a head that are rotated; even. */
  public int rotated() {
    return share + share % 2;
  }

  /**
   * Cosines for positions from 0, row-major; both halves of a row are equal.
   *
   * @param both whether to give two rows for each position, the second for sequences longer than
   *     {@link #longest}
   * @return [length, rotated], or with both [length, 2, rotated]
   */
  public float[] cosines(int length, boolean both) {
    return table(length, both, true);
  }

  /** Sines in the same form. */
  public float[] sines(int length, boolean both) {
    return table(length, both, false);
  }

  private float[] table(int length, boolean both, boolean cosine) {
    List<float[]> rows =
        both ? List.of(frequencies(), frequenciesBeyond()) : List.of(frequencies());
    int half = rotated() / 2;
    float[] table = new float[Math.multiplyExact(length, 2 * half * rows.size())];
    int start = 0;
    for (int position = 0; position < length; position++) {
      for (float[] frequencies : rows) {
        for (int i = 0; i < half; i++) {
          float angle = position * frequencies[i];
          float value = (float) (cosine ? Math.cos(angle) : Math.sin(angle)) * (float) factor;
          table[start + i] = value;
          table[start + half + i] = value;
        }
        start += 2 * half;
      }
    }
    return table;
  }
}
