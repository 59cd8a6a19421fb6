package io.github.tralign.loss;

/**
 * Binary classifier optimization on pairs: {@link BcoLoss} with the chosen completion as desirable
 * and the rejected one as undesirable, {@code L = −log σ(βa − δ) − log σ(−(βb − δ))}, with the same
 * running mean δ over the rewards of both.
 *
 * <p>Jung et al. (arXiv 2404.04656), as {@code bco_pair} of TRL up to 0.24, where each batch has
 * the same weight in δ regardless of its size. Later versions omit δ, see {@link BcoPairLoss}.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 */
public record BcoPairShiftLoss(double beta) implements CoupledPairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public BcoPairShiftLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "bco-pair-shift";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    BcoLoss bco = new BcoLoss(beta);
    RunningMean delta = delta(batch);
    double value = 0;
    double[][] gradient = new double[batch.size()][];
    for (int i = 0; i < batch.size(); i++) {
      ScoredPair pair = batch.pair(i);
      double share = pair.judgement().weight() / batch.size();
      CompletionTerm chosen = bco.at(pair.chosen(), true, delta.mean());
      CompletionTerm rejected = bco.at(pair.rejected(), false, delta.mean());
      value += share * (chosen.value() + rejected.value());
      gradient[i] = new double[] {share * chosen.slope(), share * rejected.slope()};
    }
    return new LossResult(value, gradient).withMetrics(delta.metrics()).withMemory(delta.memory());
  }

  private RunningMean delta(ScoredBatch batch) {
    double[] rewards =
        batch.examples().stream()
            .flatMap(example -> example.completions().stream())
            .mapToDouble(this::reward)
            .toArray();
    return RunningMean.in(batch.memory()).with(rewards);
  }
}
