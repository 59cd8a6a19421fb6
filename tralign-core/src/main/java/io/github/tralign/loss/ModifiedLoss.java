package io.github.tralign.loss;

import io.github.tralign.data.Example;
import java.util.List;

/**
 * A loss on pairs that delegates to another one, except for the methods that the modifier
 * overrides.
 */
interface ModifiedLoss extends PairwiseLoss {

  /** The modified loss. */
  PairwiseLoss loss();

  /** The name of the modifier. */
  String modifier();

  @Override
  default String name() {
    return loss().name() + "[" + modifier() + "]";
  }

  @Override
  default double rewardScale() {
    return loss().rewardScale();
  }

  @Override
  default List<String> warnings(List<Example> data) {
    return loss().warnings(data);
  }

  @Override
  default double reward(ScoredCompletion completion) {
    return loss().reward(completion);
  }

  @Override
  default boolean usesReference() {
    return loss().usesReference();
  }

  @Override
  default boolean usesLengths() {
    return loss().usesLengths();
  }

  @Override
  default boolean usesCollision() {
    return loss().usesCollision();
  }

  @Override
  default void check(Example example) {
    loss().check(example);
  }
}
