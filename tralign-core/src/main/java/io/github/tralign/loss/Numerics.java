package io.github.tralign.loss;

/** Functions that stay exact where their textbook form overflows or cancels. */
public final class Numerics {

  private Numerics() {}

  /** {@code σ(x) = 1 / (1 + e^−x)}, in (0, 1) up to rounding, for any x. */
  public static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double e = Math.exp(x);
    return e / (1 + e);
  }

  /** {@code log σ(x) = −log(1 + e^−x)}, never positive; close to x for very negative x. */
  public static double logSigmoid(double x) {
    return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** {@code x²}. */
  static double square(double x) {
    return x * x;
  }
}
