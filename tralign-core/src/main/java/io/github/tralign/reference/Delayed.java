package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.Map;
import java.util.OptionalLong;

/** Applies another rule from a given step on. */
record Delayed(ReferencePolicy rule, long first) implements ReferencePolicy {

  Delayed {
    HardUpdate.requireSteps("from, the first step that may move the reference,", first);
  }

  @Override
  public double weightAfter(StepMetrics metrics) {
    return metrics.step() < first ? 0 : rule.weightAfter(metrics);
  }

  @Override
  public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return rule.nextCopyAfter(Math.max(step, first - 1), stepsPerEpoch);
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
    return rule + ":from=" + first;
  }
}
