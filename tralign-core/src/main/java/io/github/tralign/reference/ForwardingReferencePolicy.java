package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A rule around another one: it does what the other does, except for what it overrides. Only {@link
 * #meanLag} is not the other's, since it changes with the weights: it is known where the copies
 * are.
 */
public interface ForwardingReferencePolicy extends ReferencePolicy {

  /** The other rule. */
  ReferencePolicy rule();

  @Override
  default double weightAfter(StepMetrics metrics) {
    return rule().weightAfter(metrics);
  }

  @Override
  default OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return rule().nextCopyAfter(step, stepsPerEpoch);
  }

  @Override
  default boolean countsEpochs() {
    return rule().countsEpochs();
  }

  @Override
  default Map<String, Double> memoryAfter(StepMetrics metrics, StepMetrics before) {
    return rule().memoryAfter(metrics, before);
  }
}
