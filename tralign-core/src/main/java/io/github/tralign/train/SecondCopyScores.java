package io.github.tralign.train;

import io.github.tralign.data.Batch;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;

/** The reference as a second set of weights, scored at each step: right for every rule. */
final class SecondCopyScores implements ReferenceScores {

  private final Policy policy;
  private final Scoring scoring;

  SecondCopyScores(Policy policy, Scoring scoring) {
    this.policy = policy;
    this.scoring = scoring;
  }

  @Override
  public void begin() {
    policy.copyToReference();
  }

  @Override
  public String kind() {
    return "by a second copy";
  }

  @Override
  public void beforeStep(Batch batch) {}

  @Override
  public double[][] of(KeyedBatch slice, TokenLogProbs scores) {
    return scoring.sums(slice.batch(), policy.reference().score(slice.batch()));
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
