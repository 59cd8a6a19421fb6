package io.github.tralign.judge.statistics;

import java.util.List;

/**
 * The mean of some values.
 *
 * @param value NaN if there are none
 * @param standardError sd / √n with n − 1 degrees of freedom; NaN for fewer than two values
 * @param count of values
 */
public record Mean(double value, double standardError, int count) {

  /** The mean of values. */
  public static Mean of(List<Double> values) {
    int n = values.size();
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = n == 0 ? Double.NaN : sum / n;
    return new Mean(mean, Math.sqrt(variance(values, mean) / n), n);
  }

  /** The standard deviation of values with n − 1 degrees of freedom; NaN for fewer than two. */
  public static double deviation(List<Double> values) {
    return Math.sqrt(variance(values, of(values).value()));
  }

  private static double variance(List<Double> values, double mean) {
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return values.size() < 2 ? Double.NaN : squares / (values.size() - 1);
  }
}
