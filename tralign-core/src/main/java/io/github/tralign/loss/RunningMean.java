package io.github.tralign.loss;

import com.google.common.collect.ImmutableMap;
import java.util.stream.DoubleStream;

/**
 * The mean δ of everything seen since the start of the run, as a loss carries it from step to step.
 *
 * @param mean δ; 0 before anything was seen
 * @param count how many values it is the mean of
 */
record RunningMean(double mean, double count) {

  private static final String MEAN = "delta";
  private static final String COUNT = "delta/count";

  /** What the last step left. */
  static RunningMean in(ImmutableMap<String, Double> memory) {
    return new RunningMean(memory.getOrDefault(MEAN, 0.0), memory.getOrDefault(COUNT, 0.0));
  }

  /** With more values, at least one. */
  RunningMean with(double... values) {
    double total = count + values.length;
    double theirs = DoubleStream.of(values).sum() / values.length;
    return new RunningMean(mean + (theirs - mean) * (values.length / total), total);
  }

  /** What to carry to the next step. */
  ImmutableMap<String, Double> memory() {
    return ImmutableMap.of(MEAN, mean, COUNT, count);
  }

  /** What to report. */
  ImmutableMap<String, Double> metrics() {
    return ImmutableMap.of(MEAN, mean);
  }
}
