package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.Weights;
import java.util.Map;

/**
 * How far the policy has come from its start: rewards and log-ratios against the initial policy on
 * a fixed set of examples, which is scored when the run starts. Neither a third copy of the weights
 * nor a forward pass at each step is needed for that.
 */
final class InitialProbe {

  private final Policy policy;
  private final AlignmentLoss loss;
  private final ImmutableList<PreferenceBatch> slices;
  private final ImmutableList<double[][]> initial; // per slice: [example][completion]

  /** Scores the probe under the policy's present weights. */
  InitialProbe(Policy policy, AlignmentLoss loss, PreferenceBatch probe, int microBatchTokens) {
    this.policy = policy;
    this.loss = loss;
    this.slices = ImmutableList.copyOf(probe.microBatches(microBatchTokens));
    this.initial =
        slices.stream()
            .map(slice -> ReferenceScores.sums(policy.score(slice, Weights.POLICY)))
            .collect(ImmutableList.toImmutableList());
  }

  /** The measurements under the present weights. */
  Map<String, Double> measure() {
    ImmutableList.Builder<ImmutableList<ScoredCompletion>> completions = ImmutableList.builder();
    for (int s = 0; s < slices.size(); s++) {
      TokenLogProbs scores = policy.score(slices.get(s), Weights.POLICY);
      completions.addAll(Scoring.completions(scores, initial.get(s)));
    }
    ScoredBatch scored = ScoredBatch.of(completions.build());
    BatchMetrics metrics = new BatchMetrics();
    metrics.add(scored, loss.evaluate(scored)); // once: a loss need not be separable
    return named(metrics);
  }

  /** A batch's figures under the names of those against the initial policy. */
  static Map<String, Double> named(BatchMetrics metrics) {
    ImmutableMap.Builder<String, Double> values = ImmutableMap.builder();
    metrics.againstReference("logratios").forEach((k, v) -> values.put("initial/" + k, v));
    return values.build();
  }
}
