package io.github.tralign.loss;

/**
 * Sequence likelihood calibration: {@code L = max(0, δ − (L_w − L_l)) + λ · NLL}, where {@code L_w,
 * L_l} are the policy's log-probabilities.
 *
 * <p>Zhao et al., "SLiC-HF" (arXiv 2305.10425), equation 1, with the chosen completions as targets
 * of the NLL. The defaults are those of HALOs.
 *
 * @param margin δ &gt; 0; pairs with a larger margin have no gradient
 * @param sftWeight λ ≥ 0, the weight of the NLL of the chosen completions
 */
public record SlicLoss(double margin, double sftWeight) implements PairwiseWithSft {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public SlicLoss {
    Ranges.positive("margin", margin);
    Ranges.notNegative("sft weight", sftWeight);
  }

  /** The same loss with another weight of the NLL. */
  public SlicLoss sftWeight(double lambda) {
    return new SlicLoss(margin, lambda);
  }

  @Override
  public String name() {
    return "slic";
  }

  @Override
  public boolean usesReference() {
    return false;
  }

  @Override
  public double rewardScale() {
    return 1;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double miss = margin - (pair.chosen().logp() - pair.rejected().logp());
    return PairTerm.ofMargin(Math.max(0, miss), miss > 0 ? -1 : 0);
  }
}
