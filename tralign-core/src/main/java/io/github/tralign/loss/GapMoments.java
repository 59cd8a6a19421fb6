package io.github.tralign.loss;

import com.google.common.collect.ImmutableMap;

/**
 * Moving mean μ and standard deviation σ of the margins h of batches, as {@link BetaDpoLoss}
 * carries them from step to step.
 *
 * @param mean μ; 0 before the first batch
 * @param deviation σ; 0 before the first batch
 * @param steps number of batches seen
 */
record GapMoments(double mean, double deviation, long steps) {

  private static final String MEAN = "gap/mean";
  private static final String DEVIATION = "gap/std";
  private static final String STEPS = "gap/steps";

  /** What the last step left. */
  static GapMoments in(ImmutableMap<String, Double> memory) {
    return new GapMoments(
        memory.getOrDefault(MEAN, 0.0),
        memory.getOrDefault(DEVIATION, 0.0),
        memory.getOrDefault(STEPS, 0.0).longValue());
  }

  /**
   * With another batch: {@code m · old + (1 − m) · its own}. A batch of one has no deviation and
   * leaves σ as it is.
   */
  GapMoments with(double[] gaps, double momentum) {
    double theirs = 0;
    for (double gap : gaps) {
      theirs += gap / gaps.length;
    }
    double squares = 0;
    for (double gap : gaps) {
      squares += Numerics.square(gap - theirs);
    }
    double spread = gaps.length == 1 ? deviation : Math.sqrt(squares / (gaps.length - 1));
    return new GapMoments(
        momentum * mean + (1 - momentum) * theirs,
        momentum * deviation + (1 - momentum) * spread,
        steps + 1);
  }

  /** {@code −½ ((gap − μ)/σ)²}; where no margin was ever unlike the others, all weigh the same. */
  double logWeight(double gap) {
    return deviation == 0 ? 0 : -0.5 * Numerics.square((gap - mean) / deviation);
  }

  /** What to carry to the next step. */
  ImmutableMap<String, Double> memory() {
    return ImmutableMap.of(MEAN, mean, DEVIATION, deviation, STEPS, (double) steps);
  }
}
