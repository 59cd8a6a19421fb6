package io.github.tralign.loss;

import java.util.Comparator;
import java.util.stream.IntStream;

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

  /** The places of the values in ascending order of these; of equal ones the first comes first. */
  static int[] ascending(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> values[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
