package io.github.tralign.loss;

/**
 * {@link CpoLoss} with a hinge loss instead of the logistic loss: {@code L = max(0, 1 − β(L_w −
 * L_l)) + λ · NLL}. TRL's {@code CPOConfig(loss_type="hinge")}.
 *
 * @param beta scale of the margin, &gt; 0
 * @param sftWeight λ ≥ 0, the weight of the NLL of the chosen completions
 */
public record CpoHingeLoss(double beta, double sftWeight) implements PairwiseWithSft {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public CpoHingeLoss {
    Ranges.positive("beta", beta);
    Ranges.notNegative("sft weight", sftWeight);
  }

  /** The same loss with another weight of the NLL. */
  public CpoHingeLoss sftWeight(double lambda) {
    return new CpoHingeLoss(beta, lambda);
  }

  @Override
  public String name() {
    return "cpo-hinge";
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
    double miss = 1 - beta * (pair.chosen().logp() - pair.rejected().logp());
    return PairTerm.ofMargin(Math.max(0, miss), miss > 0 ? -beta : 0);
  }
}
