package io.github.tralign.cli;

import io.github.tralign.reference.ForwardingReferencePolicy;
import io.github.tralign.reference.ReferencePolicy;
import java.util.OptionalDouble;

/**
 * A rule whose mixes are of the factors A and B of an adapter, each for itself, instead of the
 * weights; see {@link io.github.tralign.djl.DjlPolicyBuilder#averageFactors}.
 */
record FactorAverage(ReferencePolicy rule) implements ForwardingReferencePolicy {

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
  public OptionalDouble meanLag(long steps, long stepsPerEpoch) {
    return rule.meanLag(steps, stepsPerEpoch);
  }

  @Override
  public String toString() {
    return rule + ":" + SETTING + "=" + VALUE;
  }
}
