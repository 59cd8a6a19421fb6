package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableDoubleArray;

/**
 * How rotary frequencies are scaled for contexts longer than in pre-training. All results are those
 * of transformers, in fp32.
 */
@FunctionalInterface
public interface FrequencyScaling {

  /** No scaling. */
  FrequencyScaling NONE = (period, pair) -> 1 / period;

  /**
   * A scaled frequency.
   *
   * @param period the number of positions for one radian without scaling
   * @param pair the index of the pair of rotated values
   */
  float of(float period, int pair);

  /** Divides all frequencies by a factor. */
  static FrequencyScaling linear(double factor) {
    return (period, pair) -> 1 / period / (float) factor;
  }

  /** Divides each frequency by a factor of its own, as LongRoPE (Ding et al., arXiv 2402.13753). */
  static FrequencyScaling each(ImmutableDoubleArray factors) {
    return (period, pair) -> 1 / ((float) factors.get(pair) * period);
  }

  /**
   * The scaling of Llama 3.1: low frequencies are divided by the factor, high ones are kept, and
   * those in between are interpolated.
   *
   * @param low frequencies are low if their wavelength is above {@code original / low}
   * @param high frequencies are high if their wavelength is below {@code original / high}
   * @param original number of positions in pre-training
   */
  static FrequencyScaling llama3(double factor, double low, double high, double original) {
    return (period, pair) -> {
      float frequency = 1 / period;
      double wave = 2 * Math.PI / frequency;
      if (wave > original / low) {
        return (float) (frequency / factor);
      }
      if (wave < original / high) {
        return frequency;
      }
      double smooth = (original / wave - low) / (high - low);
      return (float) ((1 - smooth) * (frequency / factor) + smooth * frequency);
    };
  }

  /**
   * YaRN (Peng et al., arXiv 2309.00071): the frequencies of the first pairs are kept, those of the
   * last ones are divided by the factor, and those in between are interpolated.
   *
   * @param first the index of the last pair that is kept
   * @param last the index of the first pair that is divided
   */
  static FrequencyScaling yarn(double factor, double first, double last) {
    float range = (float) (last == first ? 0.001 : last - first);
    return (period, pair) -> {
      float ramp = Math.min(Math.max((pair - (float) first) / range, 0), 1);
      float kept = 1 - ramp;
      return 1 / ((float) factor * period) * (1 - kept) + 1 / period * kept;
    };
  }
}
