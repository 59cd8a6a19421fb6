package io.github.tralign.loss;

/**
 * Hinge loss on the margin: {@code L = max(0, 1 − βh)}, {@code L′ = −β} where {@code βh < 1}, else
 * 0.
 *
 * <p>SLiC (Zhao et al., arXiv 2305.10425) with the reference in the margin, as in RSO (Liu et al.,
 * "Statistical Rejection Sampling Improves Preference Optimization", arXiv 2309.06657, which writes
 * γ for β). At the kink {@code βh = 1} the slope is 0.
 *
 * @param beta scale of the margin, &gt; 0
 */
public record HingeLoss(double beta) implements MarginLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public HingeLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "hinge";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public double value(double h) {
    return Math.max(0, 1 - beta * h);
  }

  @Override
  public double slope(double h) {
    return beta * h < 1 ? -beta : 0;
  }
}
