package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.Map;

/** Another rule, whose weight rises linearly over the first steps. */
record WarmUp(ReferencePolicy rule, long steps) implements ReferencePolicy {

  WarmUp {
    HardUpdate.requireSteps("warmup, the steps over which the weight rises,", steps);
  }

  @Override
  public double weightAfter(StepMetrics metrics) {
    return rule.weightAfter(metrics) * Math.min(1, (double) metrics.step() / steps);
  }

  @Override
  public boolean countsEpochs() {
    return rule.countsEpochs();
  }

  @Override
  public Map<String, Double> memoryAfter(StepMetrics metrics, StepMetrics before) {
    return rule.memoryAfter(metrics, before);
  }

  @Override
  public String toString() {
    return rule + ":warmup=" + steps;
  }
}
