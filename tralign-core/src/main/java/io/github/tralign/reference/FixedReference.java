package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.OptionalLong;

/** The reference of the original methods: the initial policy, for the whole run. */
public record FixedReference() implements ReferencePolicy {

  @Override
  public double weightAfter(StepMetrics metrics) {
    return 0;
  }

  @Override
  public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return OptionalLong.of(NEVER);
  }

  @Override
  public String toString() {
    return "fixed";
  }
}
