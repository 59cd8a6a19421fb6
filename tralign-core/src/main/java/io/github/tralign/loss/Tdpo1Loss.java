package io.github.tralign.loss;

/**
 * Token-level DPO: adds the sequence's KL divergence from the reference to each log-ratio,
 *
 * <pre>
 * L = −log σ(βu),   u = (a + KL_w) − (b + KL_l),   KL = Σ_t KL(π_ref(·|x, y_&lt;t) ‖ π(·|x, y_&lt;t))
 * ∂L/∂a = ∂L/∂KL_w = −β σ(−βu),   ∂L/∂b = ∂L/∂KL_l = β σ(−βu)
 * </pre>
 *
 * <p>Zeng et al., "Token-level Direct Preference Optimization" (arXiv 2404.11999), the form TDPO₁.
 * The divergences have gradients. They require the reference's full next-token distributions, hence
 * a second copy of the weights.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 */
public record Tdpo1Loss(double beta) implements PairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public Tdpo1Loss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "tdpo1";
  }

  @Override
  public boolean usesDivergence() {
    return true;
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    DpoLoss dpo = new DpoLoss(beta, 0);
    double u = pair.h() + pair.chosen().divergence() - pair.rejected().divergence();
    double slope = dpo.slope(u);
    return PairTerm.ofMargin(dpo.value(u), slope).withDivergence(slope, -slope);
  }
}
