package io.github.tralign.loss;

import io.github.tralign.data.Example;

/**
 * A loss on preference pairs that is no mean over terms of one pair each: a figure of the whole
 * batch, such as a mean or an order, enters each of them. It compares with a reference.
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
