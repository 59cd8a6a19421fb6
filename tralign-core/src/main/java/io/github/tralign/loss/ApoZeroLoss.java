package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * Anchored preference optimization, "zero": {@code L = 1 − σ(βa) + σ(βb)}, {@code ∂L/∂a = −β σ(βa)
 * σ(−βa)}, {@code ∂L/∂b = β σ(βb) σ(−βb)}.
 *
 * <p>D'Oosterlinck et al., "Anchored Preference Optimization and Contrastive Revisions" (arXiv
 * 2408.06266), equation 7: for chosen completions that are better than the policy's own output, it
 * raises their log-probability and lowers that of the rejected ones, each relative to the
 * reference.
 *
 * @param beta scale of the log-ratios, &gt; 0
 */
public record ApoZeroLoss(double beta) implements PairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public ApoZeroLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "apo-zero";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double a = beta * pair.a();
    double b = beta * pair.b();
    return new PairTerm(
        sigmoid(-a) + sigmoid(b),
        -beta * sigmoid(a) * sigmoid(-a),
        beta * sigmoid(b) * sigmoid(-b));
  }
}
