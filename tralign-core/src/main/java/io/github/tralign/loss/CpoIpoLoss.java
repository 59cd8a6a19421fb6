package io.github.tralign.loss;

/**
 * {@link CpoLoss} with the squared loss of IPO instead of the logistic loss, on means per token:
 * {@code L = (L_w/|y_w| − L_l/|y_l| − 1/(2β))² + λ · NLL}. TRL's {@code
 * CPOConfig(loss_type="ipo")}.
 *
 * @param beta regularization strength, &gt; 0: the target margin per token is {@code 1/(2β)}
 * @param sftWeight λ ≥ 0, the weight of the NLL of the chosen completions
 */
public record CpoIpoLoss(double beta, double sftWeight) implements PairwiseWithSft {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public CpoIpoLoss {
    Ranges.positive("beta", beta);
    Ranges.notNegative("sft weight", sftWeight);
  }

  /** The same loss with another weight of the NLL. */
  public CpoIpoLoss sftWeight(double lambda) {
    return new CpoIpoLoss(beta, lambda);
  }

  @Override
  public String name() {
    return "cpo-ipo";
  }

  @Override
  public boolean usesReference() {
    return false;
  }

  @Override
  public boolean usesLengths() {
    return true;
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public double reward(ScoredCompletion completion) {
    return beta * completion.meanLogp();
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double miss = pair.chosen().meanLogp() - pair.rejected().meanLogp() - 1 / (2 * beta);
    return PairTerm.ofMeans(miss * miss, 2 * miss, pair);
  }
}
