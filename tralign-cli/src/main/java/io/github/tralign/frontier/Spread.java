package io.github.tralign.frontier;

import com.google.common.math.Stats;
import java.util.Collection;
import java.util.Locale;

/** Mean and spread of a value over seeds; a single seed has neither. */
record Spread(Stats stats) {

  static Spread of(Collection<Double> values) {
    return new Spread(Stats.of(values));
  }

  boolean isOfSeveral() {
    return stats.count() > 1;
  }

  double mean() {
    return stats.mean();
  }

  double deviation() {
    return stats.sampleStandardDeviation();
  }

  /** The standard error of the mean. */
  double error() {
    return deviation() / Math.sqrt(stats.count());
  }

  /** As in {@code +0.012 ± 0.034, 0.015 (5)}: mean, deviation, standard error and seeds. */
  String signed() {
    return isOfSeveral()
        ? String.format(
            Locale.ROOT, "%+.3f ± %.3f, %.3f (%d)", mean(), deviation(), error(), stats.count())
        : stats.count() == 1 ? "one seed" : "";
  }

  /** As in {@code 1.23 ± 0.45}. */
  String plain() {
    return isOfSeveral()
        ? String.format(Locale.ROOT, "%.2f ± %.2f", mean(), deviation())
        : "one seed";
  }
}
