package io.github.tralign.cli;

import io.github.tralign.reference.ForwardingReferencePolicy;
import io.github.tralign.reference.ReferencePolicy;

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
  public String toString() {
    return rule + ":" + SETTING + "=" + VALUE;
  }
}
