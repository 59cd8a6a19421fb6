package io.github.tralign.loss;

/**
 * Identity preference optimization on log-ratios per token: {@code L = (a/|y_w| − b/|y_l| −
 * 1/(2β))²}.
 *
 * <p>The form of TRL ({@code loss_type="ipo"}), HALOs and LLaMA-Factory. It differs from {@link
 * IpoLoss} by the order of {@code |y|²} in scale, so a β of one is no β of the other.
 *
 * @param beta regularization strength, &gt; 0: the margin per token aimed at is {@code 1/(2β)}
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
