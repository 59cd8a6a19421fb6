package io.github.tralign.train;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenLogProbs;
import java.util.Arrays;

/** For losses that compare with nothing: NaN for every completion, so that a use of it shows. */
final class NoReference implements ReferenceScores {

  @Override
  public void beforeStep(long step) {}

  @Override
  public double[][] of(PreferenceBatch slice, int[] rows, TokenLogProbs policy) {
    double[][] none = ReferenceScores.sums(policy);
    for (double[] completions : none) {
      Arrays.fill(completions, Double.NaN);
    }
    return none;
  }

  @Override
  public void afterStep(long step, double weight) {}

  @Override
  public boolean secondCopy() {
    return false;
  }
}
