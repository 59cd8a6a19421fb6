package io.github.tralign.bench;

import io.github.tralign.djl.MatrixWork;
import io.github.tralign.reference.ReferencePolicy;

/**
 * The floating-point operations that training requires: matrix products on packed tokens, and the
 * head and the end of the last layer on predicted tokens only. Counted are the forward pass, the
 * backward pass (twice as many), and the reference's forward pass unless policy and reference are
 * equal.
 */
public final class RequiredWork {

  private final MatrixWork model;
  private final ReferencePolicy rule;
  private final boolean usesReference;
  private final long stepsPerEpoch;

  /**
   * Makes the counter of a run.
   *
   * @param usesReference whether the loss uses the reference's log-probabilities
   */
  public RequiredWork(
      MatrixWork model, ReferencePolicy rule, boolean usesReference, long stepsPerEpoch) {
    this.model = model;
    this.rule = rule;
    this.usesReference = usesReference;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /**
   * The operations of one step.
   *
   * @param step the step, from 0
   */
  public double of(TokenCounts counts, long step) {
    int passes = usesReference && !ownReference(step) ? 4 : 3;
    return passes * model.forward(counts.packed(), counts.predicted());
  }

  /** Whether policy and reference are equal: before the first step, and right after a copy. */
  private boolean ownReference(long step) {
    return step == 0 || rule.nextCopyAfter(step - 1, stepsPerEpoch).orElse(0) == step;
  }
}
