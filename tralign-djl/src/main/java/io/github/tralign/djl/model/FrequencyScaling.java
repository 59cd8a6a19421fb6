package io.github.tralign.djl.model;

/** How rotary frequencies are scaled for contexts longer than in pre-training. */
@FunctionalInterface
public interface FrequencyScaling {

  /** No scaling. */
  FrequencyScaling NONE = frequency -> frequency;

  /** The scaled frequency, in fp32. */
  float of(float frequency);

  /** Divides all frequencies by a factor. */
  static FrequencyScaling linear(double factor) {
    return frequency -> frequency / (float) factor;
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
    return frequency -> {
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
}
