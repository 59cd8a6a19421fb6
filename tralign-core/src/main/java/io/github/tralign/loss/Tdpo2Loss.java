package io.github.tralign.loss;

/**
 * Token-level DPO in which gradient flows through the rejected sequence's KL divergence only,
 *
 * <pre>
 * L = −log σ(βu),   u = h − α (KL_l − sg KL_w),   KL = Σ_t KL(π_ref(·|x, y_&lt;t) ‖ π(·|x, y_&lt;t))
 * ∂L/∂a = −β σ(−βu),   ∂L/∂b = β σ(−βu),   ∂L/∂KL_l = αβ σ(−βu),   ∂L/∂KL_w = 0
 * </pre>
 *
 * <p>Zeng et al., "Token-level Direct Preference Optimization" (arXiv 2404.11999), the form TDPO₂;
 * sg (stop-gradient) treats its argument as a constant. The divergences require the reference's
 * full next-token distributions, hence a second copy of the weights.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param alpha weight of the divergences, ≥ 0; the authors' default is 0.5
 */
public record Tdpo2Loss(double beta, double alpha) implements PairwiseLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public Tdpo2Loss {
    Ranges.positive("beta", beta);
    Ranges.notNegative("alpha", alpha);
  }

  /** The same loss with another weight of the divergences. */
  public Tdpo2Loss alpha(double weight) {
    return new Tdpo2Loss(beta, weight);
  }

  @Override
  public String name() {
    return "tdpo2";
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
    double u = pair.h() - alpha * (pair.rejected().divergence() - pair.chosen().divergence());
    double slope = dpo.slope(u);
    return PairTerm.ofMargin(dpo.value(u), slope).withDivergence(0, -alpha * slope);
  }
}
