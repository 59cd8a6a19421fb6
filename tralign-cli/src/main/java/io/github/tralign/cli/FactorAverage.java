package io.github.tralign.cli;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A rule whose mixes are of the factors A and B of an adapter, each for itself, instead of the
 * weights; see {@link io.github.tralign.djl.DjlPolicyBuilder#averageFactors}.
 */
record FactorAverage(ReferencePolicy rule) implements ReferencePolicy {

  static final String SETTING = "average";
  private static final String VALUE = "factors";

  static FactorAverage of(ReferencePolicy rule, String value) {
    if (!value.equals(VALUE)) {
      throw new IllegalArgumentException(
          SETTING + ", '" + value + "', is unknown; expected " + VALUE);
    }
    return new FactorAverage(rule);
  }

  @Override
  public double weightAfter(StepMetrics metrics) {
    return rule.weightAfter(metrics);
  }

  @Override
  public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return rule.nextCopyAfter(step, stepsPerEpoch);
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
    return rule + ":" + SETTING + "=" + VALUE;
  }
}
