package io.github.tralign.figure;

import com.google.common.math.Stats;
import java.util.Collection;
import java.util.Locale;

/** Mean and spread of a value over seeds; a single seed has neither. */
public record Spread(Stats stats) {

  /** The spread of some values, at least one. */
  public static Spread of(Collection<Double> values) {
    return new Spread(Stats.of(values));
  }

  /** Whether there are enough values to report. */
  public boolean isOfSeveral() {
    return stats.count() > 1;
  }

  /** The mean. */
  public double mean() {
    return stats.mean();
  }

  /** The standard deviation; n − 1 degrees of freedom. */
  public double deviation() {
    return stats.sampleStandardDeviation();
  }

  /** The standard error of the mean. */
  public double error() {
    return deviation() / Math.sqrt(stats.count());
  }

  /** As in {@code +0.012 ± 0.034, 0.015 (5)}: mean, deviation, standard error and seeds. */
  public String signed() {
    return isOfSeveral()
        ? String.format(
            Locale.ROOT, "%+.3f ± %.3f, %.3f (%d)", mean(), deviation(), error(), stats.count())
        : stats.count() == 1 ? "one seed" : "";
  }

  /** As in {@code 1.23 ± 0.45}. */
  public String plain() {
    return isOfSeveral()
        ? String.format(Locale.ROOT, "%.2f ± %.2f", mean(), deviation())
        : "one seed";
  }
}
