package io.github.tralign.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/**
 * How far computed numbers are from the expected ones, as a share of the size of all of them.
 *
 * <p>A single number may be what is left where large terms cancel. In which order a processor adds
 * them up is its own affair, and what that does to the number has no bound relative to the number,
 * but one relative to the terms, whose size is that of the largest numbers beside it.
 */
public final class RelativeError {

  private RelativeError() {}

  /**
   * The larger of {@link #ofLargest} and {@link #ofNorm}: neither one wrong number among many nor
   * many that are slightly wrong get past it.
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

  /** {@code b − a}, which is how far weights have moved. */
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

  /** Where nothing but zero is expected, nothing but zero is right. */
  private static double share(double error, double size) {
    return error == 0 ? 0 : error / size;
  }

  /** Single precision as double. */
  public static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}
