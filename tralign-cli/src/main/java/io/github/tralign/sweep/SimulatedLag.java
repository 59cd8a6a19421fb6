package io.github.tralign.sweep;

import io.github.tralign.InvalidSettingException;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import java.util.Map;

/** By how many steps a reference is older than the policy, on average over a run. */
final class SimulatedLag {

  private static final String WEIGHT = "reference/weight";

  private SimulatedLag() {}

  /**
   * The mean lag of a rule, from the weights that it gives in a run of that length.
   *
   * @param steps optimizer steps of the run, ≥ 1
   * @param stepsPerEpoch optimizer steps of a pass over the data, ≥ 1
   * @throws InvalidSettingException if the rule depends on what a run measures
   */
  static double of(ReferencePolicy rule, long steps, long stepsPerEpoch) {
    StepMetrics before = StepMetrics.start();
    double age = 0;
    double ages = 0;
    for (long step = 1; step <= steps; step++) {
      ages += age;
      StepMetrics metrics = new StepMetrics(step, Map.of("epoch", (double) step / stepsPerEpoch));
      double weight;
      try {
        metrics = metrics.with(rule.memoryAfter(metrics, before));
        weight = rule.weightAfter(metrics);
      } catch (IllegalArgumentException e) { // no such metric
        throw new InvalidSettingException(
            "rules",
            rule
                + " moves by what a run measures, so its lag is not known before; give rules that"
                + " move by steps");
      }
      age = next(age, weight);
      before = metrics.with(Map.of(WEIGHT, weight));
    }
    return ages / steps;
  }

  /** The age of a reference after the policy has made a step and was mixed into it. */
  static double next(double age, double weight) {
    return (1 - weight) * (age + 1);
  }
}
