package io.github.tralign.train;

import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;

/**
 * {@code (h̄ − 1)² + Σ (h_i − h̄)² / n} with the batch's mean margin h̄: no sum over its slices.
 */
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
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += batch.pair(i).h() / n;
    }
    double value = (mean - 1) * (mean - 1);
    double[][] gradient = new double[n][];
    for (int i = 0; i < n; i++) {
      double off = batch.pair(i).h() - mean;
      value += off * off / n;
      double slope = 2 * (mean - 1 + off) / n;
      gradient[i] = new double[] {slope, -slope};
    }
    return new LossResult(value, gradient);
  }
}
