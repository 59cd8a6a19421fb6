package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * Anchored preference optimization, "down": {@code L = σ(βa) + 1 − σ(βh)}, {@code ∂L/∂a = β [σ(βa)
 * σ(−βa) − σ(βh) σ(−βh)]}, {@code ∂L/∂b = β σ(βh) σ(−βh)}.
 *
 * <p>D'Oosterlinck et al., "Anchored Preference Optimization and Contrastive Revisions" (arXiv
 * 2408.06266), equation 8: for chosen completions that are worse than the policy's own output, it
 * lowers the log-probabilities of both, of the rejected ones more. If policy and reference are
 * equal, the gradient of the chosen completion is zero.
 *
 * @param beta scale of the log-ratios, &gt; 0
 */
public record ApoDownLoss(double beta) implements PairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public ApoDownLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "apo-down";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double a = beta * pair.a();
    double h = beta * pair.h();
    double byAnchor = beta * sigmoid(a) * sigmoid(-a);
    double byMargin = beta * sigmoid(h) * sigmoid(-h);
    return new PairTerm(sigmoid(a) + sigmoid(-h), byAnchor - byMargin, byMargin);
  }
}
