package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

import io.github.tralign.data.Example;

/**
 * A loss that is the mean over preference pairs of a term in the chosen and the rejected
 * completion, each pair weighted as {@link io.github.tralign.data.row.Judgement#weight its
 * judgement} says.
 *
 * <p>To write one's own, give {@link #at} and {@link #rewardScale()}; everything else follows.
 */
public interface PairwiseLoss extends AlignmentLoss {

  /** The term of one pair. */
  PairTerm at(ScoredPair pair);

  /** The β in the reported reward {@code β · (log π − log π_ref)}. */
  double rewardScale();

  /**
   * The same loss for another divergence from the reference than the reverse KL; see {@link
   * DivergenceLoss}.
   *
   * @throws IllegalArgumentException with the reason if this loss knows no divergence
   */
  default DivergenceLoss divergence(FDivergence divergence) {
    requireNonNull(divergence, "divergence");
    return new DivergenceLoss(this, divergence);
  }

  /**
   * The same loss with each pair weighted by how likely the policy itself is to write it; see
   * {@link WpoLoss}.
   *
   * @throws IllegalArgumentException with the reason if pairs cannot be weighted
   */
  default WpoLoss wpo() {
    return new WpoLoss(this, false);
  }

  /**
   * The same loss on the policy's log-probabilities in place of log-ratios; see {@link
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
