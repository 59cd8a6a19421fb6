package io.github.tralign.bench;

import io.github.tralign.djl.MatrixWork;
import io.github.tralign.reference.ReferencePolicy;

/**
 * Floating point operations that training cannot do without: matrix products on packed tokens, the
 * head and the end of the last layer on predicted ones, forward, back (twice as many), and forward
 * under the reference unless the policy is its own reference.
 */
public final class NeededWork {

  private final MatrixWork model;
  private final ReferencePolicy rule;
  private final boolean usesReference;
  private final long stepsPerEpoch;

  /**
   * The work of a run.
   *
   * @param usesReference whether the loss asks for the reference's log-probabilities
   */
  public NeededWork(
      MatrixWork model, ReferencePolicy rule, boolean usesReference, long stepsPerEpoch) {
    this.model = model;
    this.rule = rule;
    this.usesReference = usesReference;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /**
   * That of one step.
   *
   * @param step from 0
   */
  public double of(TokenCounts counts, long step) {
    int passes = usesReference && !ownReference(step) ? 4 : 3;
    return passes * model.forward(counts.packed(), counts.predicted());
  }

  /** Before the first step, and right after a copy. */
  private boolean ownReference(long step) {
    return step == 0 || rule.nextCopyAfter(step - 1, stepsPerEpoch).orElse(0) == step;
  }
}
