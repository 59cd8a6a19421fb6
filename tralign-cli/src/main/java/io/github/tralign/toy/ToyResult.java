package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import com.google.common.math.Quantiles;
import java.util.Arrays;

/**
 * The result of all runs of one setting.
 *
 * @param settings the settings of the runs
 * @param courses for each seed, the measures of each method's run
 */
record ToyResult(ToySettings settings, ImmutableList<ImmutableList<RunMeasures>> courses) {

  ImmutableList<ToyMethod> methods() {
    return settings.loss().methods(settings.alpha(), settings.tau());
  }

  /** The steps that were measured. */
  double[] steps() {
    return courses.get(0).get(0).steps().stream().mapToDouble(Integer::doubleValue).toArray();
  }

  /** A measure of a method's runs: [seed][step]. */
  double[][] runs(int method, Measure measure) {
    return courses.stream().map(seed -> seed.get(method).of(measure)).toArray(double[][]::new);
  }

  /** Mean and standard deviation of a measure over the seeds. */
  Band band(int method, Measure measure) {
    return Band.over(runs(method, measure));
  }

  /** The median over the seeds of a measure after the last step. */
  double lastMedian(int method, Measure measure) {
    double[] last =
        Arrays.stream(runs(method, measure)).mapToDouble(run -> run[run.length - 1]).toArray();
    return Quantiles.median().compute(last);
  }
}
