package io.github.tralign.train;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.Weights;

/** The reference as a second set of weights, scored at each step: right for every rule. */
final class SecondCopy implements ReferenceScores {

  private final Policy policy;

  /** Makes the policy keep a copy of its present weights. */
  SecondCopy(Policy policy) {
    this.policy = policy;
    policy.keepReference();
  }

  @Override
  public void beforeStep(long step) {}

  @Override
  public double[][] of(PreferenceBatch slice, int[] rows, TokenLogProbs scores) {
    return ReferenceScores.sums(policy.score(slice, Weights.REFERENCE));
  }

  @Override
  public void afterStep(long step, double weight) {
    if (weight != 0) {
      policy.mixReference(weight);
    }
  }

  @Override
  public boolean secondCopy() {
    return true;
  }
}
