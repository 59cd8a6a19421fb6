package io.github.tralign.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/**
 * The error of computed numbers, relative to the magnitude of all of them together.
 *
 * <p>A single number may be the small difference of large terms. Processors add terms in different
 * orders, so its rounding error is bounded relative to the terms, not to the number itself. The
 * largest of the numbers show the magnitude of the terms.
 */
public final class RelativeError {

  private RelativeError() {}

  /**
   * The larger of {@link #ofLargest} and {@link #ofNorm}, which detects both one wrong number among
   * many and many slightly wrong numbers.
   */
  public static double of(double[] actual, double[] expected) {
    return Math.max(ofLargest(actual, expected), ofNorm(actual, expected));
  }

  /** {@code max |actual − expected| / max |expected|}. */
  public static double ofLargest(double[] actual, double[] expected) {
    return share(largest(difference(actual, expected)), largest(expected));
  }

  /** {@code ‖actual − expected‖ / ‖expected‖}. */
  public static double ofNorm(double[] actual, double[] expected) {
    return share(norm(difference(actual, expected)), norm(expected));
  }

  /** {@code b − a}. */
  public static double[] difference(double[] b, double[] a) {
    assertThat(b).hasSameSizeAs(a);
    double[] difference = new double[a.length];
    Arrays.setAll(difference, i -> b[i] - a[i]);
    return difference;
  }

  /** The Euclidean norm. */
  public static double norm(double... values) {
    return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).reduce(0, Math::max); // NaN stays
  }

  /** If only zeros are expected, any error is infinite. */
  private static double share(double error, double size) {
    return error == 0 ? 0 : error / size;
  }

  /** Converts to double. */
  public static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}
