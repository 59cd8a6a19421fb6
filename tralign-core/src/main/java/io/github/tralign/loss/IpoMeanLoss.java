package io.github.tralign.loss;

/**
 * Identity preference optimization on log-ratios per token: {@code L = (a/|y_w| − b/|y_l| −
 * 1/(2β))²}.
 *
 * <p>The form of TRL ({@code loss_type="ipo"}), HALOs and LLaMA-Factory. Its scale differs from
 * that of {@link IpoLoss} by the order of {@code |y|²}, so the two need different values of β.
 *
 * @param beta regularization strength, &gt; 0: the target margin per token is {@code 1/(2β)}
 */
public record IpoMeanLoss(double beta) implements PairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public IpoMeanLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "ipo-mean";
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
  public PairTerm at(ScoredPair pair) {
    double miss = pair.chosen().meanLogRatio() - pair.rejected().meanLogRatio() - 1 / (2 * beta);
    return PairTerm.ofMeans(miss * miss, 2 * miss, pair);
  }
}
