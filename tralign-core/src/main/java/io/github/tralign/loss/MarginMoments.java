package io.github.tralign.loss;

import com.google.common.collect.ImmutableMap;

/**
 * Moving mean μ and standard deviation σ of the margins h: the state of {@link BetaDpoLoss} between
 * steps.
 *
 * @param mean μ; 0 before the first batch
 * @param deviation σ; 0 before the first batch
 * @param steps number of batches so far
 */
record MarginMoments(double mean, double deviation, long steps) {

  private static final String MEAN = "gap/mean";
  private static final String DEVIATION = "gap/std";
  private static final String STEPS = "gap/steps";

  /** The state after the previous step. */
  static MarginMoments in(ImmutableMap<String, Double> memory) {
    return new MarginMoments(
        memory.getOrDefault(MEAN, 0.0),
        memory.getOrDefault(DEVIATION, 0.0),
        memory.getOrDefault(STEPS, 0.0).longValue());
  }

  /**
   * Updated with another batch: {@code m · old + (1 − m) · new}. A batch of one pair has no
   * deviation and does not change σ.
   */
  MarginMoments with(double[] gaps, double momentum) {
    double batchMean = 0;
    for (double gap : gaps) {
      batchMean += gap / gaps.length;
    }
    double squares = 0;
    for (double gap : gaps) {
      squares += Numerics.square(gap - batchMean);
    }
    double spread = gaps.length == 1 ? deviation : Math.sqrt(squares / (gaps.length - 1));
    return new MarginMoments(
        momentum * mean + (1 - momentum) * batchMean,
        momentum * deviation + (1 - momentum) * spread,
        steps + 1);
  }

  /** {@code −½ ((gap − μ)/σ)²}; 0 for every margin as long as σ is 0. */
  double logWeight(double gap) {
    return deviation == 0 ? 0 : -0.5 * Numerics.square((gap - mean) / deviation);
  }

  /** The state for the next step. */
  ImmutableMap<String, Double> memory() {
    return ImmutableMap.of(MEAN, mean, DEVIATION, deviation, STEPS, (double) steps);
  }
}
