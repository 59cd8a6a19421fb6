package io.github.tralign.loss;

import io.github.tralign.data.Example;

/**
 * A loss on preference pairs that is not a mean of independent terms: each pair's term depends on a
 * statistic of the whole batch, such as a mean or a ranking. It uses a reference.
 */
public interface CoupledPairwiseLoss extends AlignmentLoss {

  /** The β in the reported reward {@code β · (log π − log π_ref)}. */
  double rewardScale();

  @Override
  default boolean usesReference() {
    return true;
  }

  @Override
  default void check(Example example) {
    Ranges.requirePair(this, example);
  }

  @Override
  default double reward(ScoredCompletion completion) {
    return rewardScale() * completion.logRatio();
  }
}
