package io.github.tralign.train;

import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import java.util.Arrays;

/** {@code (h̄ − 1)²} with the batch's mean margin h̄: no sum over its slices. */
record CoupledLoss() implements AlignmentLoss {

  @Override
  public String name() {
    return "coupled";
  }

  @Override
  public boolean usesReference() {
    return true;
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    int n = batch.size();
    if (n != batch.batchExamples()) {
      throw new AssertionError("a slice of a batch was given to a loss that couples it");
    }
    double[][] rewards = new double[n][];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      rewards[i] = new double[] {batch.get(i, 0).logRatio(), batch.get(i, 1).logRatio()};
      mean += (rewards[i][0] - rewards[i][1]) / n;
    }
    double slope = 2 * (mean - 1) / n;
    double[][] gradient = new double[n][];
    Arrays.setAll(gradient, i -> new double[] {slope, -slope});
    for (double[] pair : rewards) { // what is reported depends on the whole batch too
      pair[0] -= mean / 2;
      pair[1] += mean / 2;
    }
    return new LossResult((mean - 1) * (mean - 1), gradient, rewards);
  }
}
