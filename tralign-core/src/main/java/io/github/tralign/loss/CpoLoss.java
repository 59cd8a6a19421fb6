package io.github.tralign.loss;

/**
 * Contrastive preference optimization: DPO without a reference, plus the negative log-likelihood
 * (NLL) of the chosen completions, {@code L = −log σ(β(L_w − L_l)) + λ · NLL}, where {@code L_w,
 * L_l} are the policy's log-probabilities.
 *
 * <p>Xu et al., "Contrastive Preference Optimization" (arXiv 2401.08417), equations 3 to 5. With
 * label smoothing ε as in {@link DpoLoss}. TRL calls λ {@code cpo_alpha}.
 *
 * @param beta scale of the margin, &gt; 0
 * @param labelSmoothing ε, in [0, 0.5)
 * @param sftWeight λ ≥ 0, the weight of the NLL of the chosen completions; 1 in the paper
 */
public record CpoLoss(double beta, double labelSmoothing, double sftWeight)
    implements PairwiseWithSft {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public CpoLoss {
    Ranges.positive("beta", beta);
    Ranges.halfOpen("label smoothing", labelSmoothing, 0.5);
    Ranges.notNegative("sft weight", sftWeight);
  }

  /** The same loss with another label smoothing. */
  public CpoLoss labelSmoothing(double epsilon) {
    return new CpoLoss(beta, epsilon, sftWeight);
  }

  /** The same loss with another weight of the NLL. */
  public CpoLoss sftWeight(double lambda) {
    return new CpoLoss(beta, labelSmoothing, lambda);
  }

  @Override
  public String name() {
    return "cpo";
  }

  @Override
  public boolean usesReference() {
    return false;
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    DpoLoss dpo = new DpoLoss(beta, labelSmoothing);
    double margin = pair.chosen().logp() - pair.rejected().logp();
    return PairTerm.ofMargin(dpo.value(margin), dpo.slope(margin));
  }
}
