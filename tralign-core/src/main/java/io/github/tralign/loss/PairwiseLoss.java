package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

import io.github.tralign.data.Example;

/**
 * A loss that is the mean over preference pairs of a term in the chosen and the rejected
 * completion. Pairs are weighted by {@link io.github.tralign.data.row.Judgement#weight}.
 *
 * <p>A custom loss implements {@link #at} and {@link #rewardScale()}; everything else has a
 * default.
 */
public interface PairwiseLoss extends AlignmentLoss {

  /** The term of one pair. */
  PairTerm at(ScoredPair pair);

  /** The β in the reported reward {@code β · (log π − log π_ref)}. */
  double rewardScale();

  /**
   * The same loss with another f-divergence than the reverse KL; see {@link DivergenceLoss}.
   *
   * @throws IllegalArgumentException with the reason if this loss does not support divergences
   */
  default DivergenceLoss divergence(FDivergence divergence) {
    requireNonNull(divergence, "divergence");
    return new DivergenceLoss(this, divergence);
  }

  /**
   * The same loss with each pair weighted by its likelihood under the policy; see {@link WpoLoss}.
   *
   * @throws IllegalArgumentException with the reason if pairs cannot be weighted
   */
  default WpoLoss wpo() {
    return new WpoLoss(this, false);
  }

  /**
   * The same loss on the policy's log-probabilities instead of log-ratios; see {@link
   * ReferenceFreeLoss}.
   *
   * @throws IllegalArgumentException with the reason if the reference cannot be left out
   */
  default ReferenceFreeLoss referenceFree() {
    return new ReferenceFreeLoss(this);
  }

  @Override
  default boolean usesReference() {
    return true;
  }

  @Override
  default boolean separable() {
    return true;
  }

  @Override
  default void check(Example example) {
    Ranges.requirePair(this, example);
  }

  @Override
  default double reward(ScoredCompletion completion) {
    return rewardScale() * (usesReference() ? completion.logRatio() : completion.logp());
  }

  @Override
  default LossResult evaluate(ScoredBatch batch) {
    double value = 0;
    double[][] gradient = new double[batch.size()][];
    double[][] byDivergence = new double[usesDivergence() ? batch.size() : 0][];
    for (int i = 0; i < batch.size(); i++) {
      ScoredPair pair = batch.pair(i);
      PairTerm term = at(pair).times(pair.judgement().weight() / batch.batchExamples());
      value += term.value();
      gradient[i] = new double[] {term.chosen(), term.rejected()};
      if (usesDivergence()) {
        byDivergence[i] = new double[] {term.chosenDivergence(), term.rejectedDivergence()};
      }
    }
    return new LossResult(value, gradient).withDivergence(byDivergence);
  }
}
