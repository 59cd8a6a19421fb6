package io.github.tralign.djl.model;

/** How rotary frequencies are lowered for contexts longer than those of the first training. */
@FunctionalInterface
public interface FrequencyScaling {

  /** None. */
  FrequencyScaling NONE = frequency -> frequency;

  /** What becomes of a frequency, in fp32. */
  float of(float frequency);

  /** All are divided by a factor. */
  static FrequencyScaling linear(double factor) {
    return frequency -> frequency / (float) factor;
  }

  /**
   * Llama 3.1's: long waves are stretched by the factor, short ones kept, those between blended.
   *
   * @param low original / low is the wavelength above which waves are long
   * @param high original / high is the wavelength below which waves are short
   * @param original positions of the first training
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
