package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.OptionalLong;

/** Another rule, whose weight rises linearly over the first steps. */
record WarmUp(ReferencePolicy rule, long steps) implements ForwardingReferencePolicy {

  WarmUp {
    HardUpdate.requireSteps("warmup, the steps over which the weight rises,", steps);
  }

  @Override
  public double weightAfter(StepMetrics metrics) {
    return rule.weightAfter(metrics) * Math.min(1, (double) metrics.step() / steps);
  }

  /** Empty: while the weight rises, an update is no copy. */
  @Override
  public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return OptionalLong.empty();
  }

  @Override
  public String toString() {
    return rule + ":warmup=" + steps;
  }
}
