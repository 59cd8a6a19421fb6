package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.Weights;
import java.util.Arrays;
import java.util.List;

/**
 * Brings the gradient of a loss on an optimizer batch into the policy, in slices that fit into
 * memory. The gradient is that of the whole batch, whatever the slices.
 */
final class GradientAccumulator {

  private final Policy policy;
  private final AlignmentLoss loss;
  private final int microBatchTokens;

  GradientAccumulator(Policy policy, AlignmentLoss loss, int microBatchTokens) {
    this.policy = policy;
    this.loss = loss;
    this.microBatchTokens = microBatchTokens;
  }

  /**
   * Adds the gradient of the loss.
   *
   * @param rows the batch's rows in the training data
   */
  BatchMetrics accumulate(PreferenceBatch batch, int[] rows, ReferenceScores reference) {
    List<PreferenceBatch> slices = batch.microBatches(microBatchTokens);
    return loss.separable() || slices.size() == 1
        ? sliceBySlice(batch, slices, rows, reference)
        : scoreFirst(slices, rows, reference);
  }

  /** Each slice forward and back at once. */
  private BatchMetrics sliceBySlice(
      PreferenceBatch batch, List<PreferenceBatch> slices, int[] rows, ReferenceScores reference) {
    BatchMetrics metrics = new BatchMetrics();
    int first = 0;
    for (PreferenceBatch slice : slices) {
      int[] sliceRows = Arrays.copyOfRange(rows, first, first += slice.size());
      policy.accumulate(
          slice,
          scores -> {
            var completions = Scoring.completions(scores, reference.of(slice, sliceRows, scores));
            ScoredBatch scored =
                new ScoredBatch(completions, batch.size(), batch.completionTokens());
            LossResult result = loss.evaluate(scored);
            metrics.add(scored, result);
            return Scoring.tokenGradient(scores, result, 0);
          });
    }
    return metrics;
  }

  /** For a loss that couples the whole batch: scored without a graph, evaluated once, then back. */
  private BatchMetrics scoreFirst(
      List<PreferenceBatch> slices, int[] rows, ReferenceScores reference) {
    ImmutableList.Builder<ImmutableList<ScoredCompletion>> completions = ImmutableList.builder();
    int first = 0;
    for (PreferenceBatch slice : slices) {
      int[] sliceRows = Arrays.copyOfRange(rows, first, first += slice.size());
      TokenLogProbs scores = policy.score(slice, Weights.POLICY);
      completions.addAll(Scoring.completions(scores, reference.of(slice, sliceRows, scores)));
    }
    ScoredBatch batch = ScoredBatch.of(completions.build());
    LossResult result = loss.evaluate(batch);
    int offset = 0;
    for (PreferenceBatch slice : slices) {
      int start = offset;
      policy.accumulate(slice, scores -> Scoring.tokenGradient(scores, result, start));
      offset += slice.size();
    }
    BatchMetrics metrics = new BatchMetrics();
    metrics.add(batch, result);
    return metrics;
  }
}
