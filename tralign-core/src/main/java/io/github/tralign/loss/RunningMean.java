package io.github.tralign.loss;

import com.google.common.collect.ImmutableMap;
import java.util.stream.DoubleStream;

/**
 * The mean δ of all values since the start of the run: the state of a loss between steps.
 *
 * @param mean δ; 0 before the first value
 * @param count number of values
 */
record RunningMean(double mean, double count) {

  private static final String MEAN = "delta";
  private static final String COUNT = "delta/count";

  /** The state after the previous step. */
  static RunningMean in(ImmutableMap<String, Double> memory) {
    return new RunningMean(memory.getOrDefault(MEAN, 0.0), memory.getOrDefault(COUNT, 0.0));
  }

  /** Updated with more values, at least one. */
  RunningMean with(double... values) {
    double total = count + values.length;
    double theirs = DoubleStream.of(values).sum() / values.length;
    return new RunningMean(mean + (theirs - mean) * (values.length / total), total);
  }

  /** The state for the next step. */
  ImmutableMap<String, Double> memory() {
    return ImmutableMap.of(MEAN, mean, COUNT, count);
  }

  /** What to report. */
  ImmutableMap<String, Double> metrics() {
    return ImmutableMap.of(MEAN, mean);
  }
}
