package io.github.tralign.loss;

/** The ranges of the losses' settings, refused in one wording. */
final class Ranges {

  private Ranges() {}

  static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be a number > 0, not " + value);
    }
  }

  static void halfOpen(String name, double value, double end) {
    if (!(value >= 0 && value < end)) {
      throw new IllegalArgumentException(name + " must lie in [0, " + end + "), not be " + value);
    }
  }
}
