package io.github.tralign.train;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Batch;
import io.github.tralign.policy.TokenLogProbs;

/**
 * Where the reference's log-probabilities come from. The reference rule's promise decides between
 * three answers: nowhere ({@link NoReference}), from a second copy of the weights ({@link
 * SecondCopyScores}), or from the policy itself at the moments when both are the same ({@link
 * PrecomputedScores}).
 */
interface ReferenceScores {

  /** A run begins: policy and reference are the same. */
  default void begin() {}

  /**
   * A run is resumed; the policy takes its state from the checkpoint next.
   *
   * @throws InvalidInputException if what was scored is not enough for the coming steps
   */
  default void resume(RunState from) {}

  /** What was scored ahead and is still needed. */
  default RunState.Window window() {
    return RunState.Window.NONE;
  }

  /** A short name, so that runs can be compared. */
  String kind();

  /** Called before the examples of a step are used. */
  void beforeStep(Batch batch);

  /**
   * The log-probability of each completion of a slice of what the current step scores.
   *
   * @param policy the slice's log-probabilities under the policy, before the step
   * @return [example][completion]
   */
  double[][] of(KeyedBatch slice, TokenLogProbs policy);

  /** Moves the reference after a step. */
  void afterStep(long step, double weight);

  /** Whether the policy keeps a second copy of the weights for this. */
  boolean secondCopy();

  /** Seconds spent so far on scoring examples ahead. */
  default double secondsAhead() {
    return 0;
  }
}
