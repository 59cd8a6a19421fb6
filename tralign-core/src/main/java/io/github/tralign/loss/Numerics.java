package io.github.tralign.loss;

/** Functions that stay accurate where the textbook formula overflows or cancels. */
public final class Numerics {

  private static final double LN_2 = Math.log(2);

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

  /**
   * {@code KL(Bernoulli(σ(x)) ‖ Bernoulli(σ(y))) = σ(x) log(σ(x)/σ(y)) + σ(−x) log(σ(−x)/σ(−y))};
   * its derivatives are {@code σ(x) σ(−x) (x − y)} in x and {@code σ(y) − σ(x)} in y.
   */
  static double bernoulliKl(double x, double y) {
    return sigmoid(x) * (logSigmoid(x) - logSigmoid(y))
        + sigmoid(-x) * (logSigmoid(-x) - logSigmoid(-y));
  }

  /**
   * {@code log(1 − e^x)} for x ≤ 0: the log-probability of the complement of an event with
   * log-probability x. It is −∞ at 0.
   *
   * <p>Each branch is accurate where the other loses digits (Mächler, "Accurately Computing
   * log(1−exp(−|a|))").
   */
  public static double log1mexp(double x) {
    return x > -LN_2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
  }
}
