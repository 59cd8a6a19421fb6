package io.github.tralign.loss;

import io.github.tralign.data.Example;

/**
 * A loss that is the mean over preference pairs of a term in the chosen and the rejected
 * completion.
 *
 * <p>To write one's own, give {@link #at} and {@link #rewardScale()}; everything else follows.
 */
public interface PairwiseLoss extends AlignmentLoss {

  /** The term of one pair. */
  PairTerm at(ScoredCompletion chosen, ScoredCompletion rejected);

  /** The β in the reported reward {@code β · (log π − log π_ref)}. */
  double rewardScale();

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
    if (!example.isPair()) {
      throw new IllegalArgumentException(
          "the loss "
              + name()
              + " needs preference pairs, but "
              + example.origin()
              + " is a prompt with "
              + example.completions().size()
              + " completion(s)");
    }
  }

  @Override
  default LossResult evaluate(ScoredBatch batch) {
    double value = 0;
    double[][] gradient = new double[batch.size()][];
    double[][] rewards = new double[batch.size()][];
    for (int i = 0; i < batch.size(); i++) {
      ScoredCompletion chosen = batch.get(i, 0);
      ScoredCompletion rejected = batch.get(i, 1);
      PairTerm term = at(chosen, rejected);
      value += term.value() / batch.batchExamples();
      gradient[i] =
          new double[] {
            term.chosen() / batch.batchExamples(), term.rejected() / batch.batchExamples()
          };
      rewards[i] = new double[] {reward(chosen), reward(rejected)};
    }
    return new LossResult(value, gradient, rewards);
  }

  private double reward(ScoredCompletion completion) {
    return rewardScale() * (usesReference() ? completion.logRatio() : completion.logp());
  }
}
