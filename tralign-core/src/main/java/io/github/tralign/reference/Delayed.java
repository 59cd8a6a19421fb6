package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.OptionalLong;

/** Applies another rule from a given step on. */
record Delayed(ReferencePolicy rule, long first) implements ForwardingReferencePolicy {

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
  public String toString() {
    return rule + ":from=" + first;
  }
}
