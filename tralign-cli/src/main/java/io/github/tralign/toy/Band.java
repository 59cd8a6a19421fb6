package io.github.tralign.toy;

import com.google.common.math.Stats;
import com.google.common.primitives.Doubles;

/**
 * Mean and standard deviation over runs at each measured step.
 *
 * @param mean the mean at each step
 * @param std the sample standard deviation at each step; 0 for a single run
 */
record Band(double[] mean, double[] std) {

  /**
   * Computes the band of runs.
   *
   * @param runs [run][step], at least one run, all of the same length
   */
  static Band over(double[][] runs) {
    double[] mean = new double[runs[0].length];
    double[] std = new double[runs[0].length];
    double[] each = new double[runs.length];
    for (int step = 0; step < mean.length; step++) {
      for (int run = 0; run < runs.length; run++) {
        each[run] = runs[run][step];
      }
      Stats stats = Stats.of(each);
      mean[step] = stats.mean();
      std[step] = runs.length == 1 ? 0 : stats.sampleStandardDeviation();
    }
    return new Band(mean, std);
  }

  /** The greatest mean. */
  double most() {
    return Doubles.max(mean);
  }

  /** The least mean. */
  double least() {
    return Doubles.min(mean);
  }

  /** Index of the first step at which the mean is least. */
  int leastAt() {
    return Doubles.indexOf(mean, least());
  }

  /** The greatest mean plus standard deviation. */
  double upperEdge() {
    double edge = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < mean.length; i++) {
      edge = Math.max(edge, mean[i] + std[i]);
    }
    return edge;
  }

  double lastMean() {
    return mean[mean.length - 1];
  }

  double lastStd() {
    return std[std.length - 1];
  }
}
