package io.github.tralign.quickstart;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.train.TrainingListener;

/**
 * The held-out pairs' log-probabilities under the current reference. If the policy has a reference,
 * that is scored; if the trainer needs none, the reference is the policy at the last copy, or at
 * the start.
 */
final class HeldOutReference implements TrainingListener {

  private final Policy policy;
  private final HeldOut heldOut;
  private double[][] atLastCopy;

  HeldOutReference(Policy policy, HeldOut heldOut) {
    this.policy = policy;
    this.heldOut = heldOut;
    this.atLastCopy = heldOut.score(policy);
  }

  @Override
  public void onStep(StepMetrics metrics) {
    if (!policy.hasReference() && metrics.get("reference/weight") == 1) {
      atLastCopy = heldOut.score(policy);
    }
  }

  double[][] get() {
    return policy.hasReference() ? heldOut.score(policy.reference()) : atLastCopy;
  }
}
