package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.policy.Policy;
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
  private final Scoring scoring;
  private final ImmutableList<PreferenceBatch> slices;
  private final ImmutableList<double[][]> initial; // per slice: [example][completion]

  /** Scores the probe under the policy's present weights. */
  InitialProbe(Policy policy, AlignmentLoss loss, PreferenceBatch probe, int microBatchTokens) {
    this.policy = policy;
    this.loss = loss;
    this.scoring = new Scoring(loss);
    this.slices = ImmutableList.copyOf(probe.microBatches(microBatchTokens));
    this.initial =
        slices.stream()
            .map(slice -> scoring.sums(slice, policy.score(slice, Weights.POLICY)))
            .collect(ImmutableList.toImmutableList());
  }

  /** The measurements under the present weights. */
  Map<String, Double> measure() {
    BatchMetrics metrics = new BatchMetrics(loss);
    for (int s = 0; s < slices.size(); s++) {
      PreferenceBatch slice = slices.get(s);
      metrics.add(scoring.examples(slice, policy.score(slice, Weights.POLICY), initial.get(s)));
    }
    return named(metrics);
  }

  /** A batch's figures under the names of those against the initial policy. */
  static Map<String, Double> named(BatchMetrics metrics) {
    ImmutableMap.Builder<String, Double> values = ImmutableMap.builder();
    metrics.againstReference("logratios").forEach((k, v) -> values.put("initial/" + k, v));
    return values.build();
  }
}
