package io.github.tralign.reference;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.metrics.StepMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks a rule after each step of a run, as the trainer does. */
final class RuleRun {

  private RuleRun() {}

  /** What a step measures that a rule may look at, here the same at each step. */
  static StepMetrics step(long step, long stepsPerEpoch) {
    return new StepMetrics(
        step, ImmutableMap.of("epoch", (double) step / stepsPerEpoch, "logratios/reference", -0.2));
  }

  /** The weights after the steps from 1 on. */
  static double[] weights(ReferencePolicy rule, int steps, long stepsPerEpoch) {
    List<StepMetrics> measured = new ArrayList<>();
    for (int step = 1; step <= steps; step++) {
      measured.add(step(step, stepsPerEpoch));
    }
    return weights(run(rule, measured, StepMetrics.start()));
  }

  static double[] weights(List<StepMetrics> run) {
    return run.stream().mapToDouble(step -> step.get("reference/weight")).toArray();
  }

  /** Everything of each step, with the rule's memory and weight. */
  static List<StepMetrics> run(
      ReferencePolicy rule, List<StepMetrics> measured, StepMetrics before) {
    List<StepMetrics> run = new ArrayList<>();
    StepMetrics last = before;
    for (StepMetrics step : measured) {
      StepMetrics metrics = step.with(rule.memoryAfter(step, last));
      last = metrics.with(Map.of("reference/weight", rule.weightAfter(metrics)));
      run.add(last);
    }
    return run;
  }
}
