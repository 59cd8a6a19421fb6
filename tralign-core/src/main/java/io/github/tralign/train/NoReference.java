package io.github.tralign.train;

import io.github.tralign.data.Batch;
import io.github.tralign.policy.TokenLogProbs;
import java.util.Arrays;

/** For losses that compare with nothing: NaN for every completion, so that a use of it shows. */
final class NoReference implements ReferenceScores {

  @Override
  public String kind() {
    return "none";
  }

  @Override
  public void beforeStep(Batch batch) {}

  @Override
  public double[][] of(KeyedBatch slice, TokenLogProbs policy) {
    double[][] none = new double[policy.size()][];
    for (int i = 0; i < none.length; i++) {
      none[i] = new double[policy.completions(i)];
      Arrays.fill(none[i], Double.NaN);
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
