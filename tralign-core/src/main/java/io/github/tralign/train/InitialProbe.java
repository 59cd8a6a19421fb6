package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.policy.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  private final boolean secondCopy;
  private final Evaluation.Progress progress;
  private double[][] initial = {}; // [example][completion]

  /**
   * A probe to be scored.
   *
   * @param secondCopy whether the reference's weights are kept, so that their distance can be told
   */
  InitialProbe(
      Policy policy,
      AlignmentLoss loss,
      PreferenceBatch probe,
      int microBatchTokens,
      boolean secondCopy,
      Evaluation.Progress progress) {
    this.progress = progress;
    this.secondCopy = secondCopy;
    this.policy = policy;
    this.loss = loss;
    this.scoring = new Scoring(loss);
    this.slices = ImmutableList.copyOf(probe.microBatches(microBatchTokens));
  }

  /** Scores the probe under the policy's present weights: those of the initial policy. */
  void begin() {
    int number = slices.stream().mapToInt(PreferenceBatch::size).sum();
    List<double[]> scores = new ArrayList<>(number);
    for (PreferenceBatch slice : slices) {
      scores.addAll(Arrays.asList(scoring.sums(slice, policy.score(slice))));
      progress.measured(scores.size(), number);
    }
    initial = scores.toArray(double[][]::new);
  }

  /** Goes on with what the initial policy's scores were. */
  void goOn(double[][] scores) {
    initial = scores;
  }

  /** Log-probabilities under the initial policy, [example][completion]. */
  double[][] initial() {
    return initial;
  }

  /** The measurements under the present weights. */
  Map<String, Double> measure() {
    BatchMetrics metrics = new BatchMetrics(loss);
    int first = 0;
    for (PreferenceBatch slice : slices) {
      double[][] theirs = Arrays.copyOfRange(initial, first, first += slice.size());
      metrics.add(scoring.examples(slice, policy.score(slice), theirs));
    }
    ImmutableMap.Builder<String, Double> values = ImmutableMap.builder();
    values.putAll(named(metrics));
    if (secondCopy) {
      values.put("reference/weight_distance", policy.referenceDistance());
    }
    return values.build();
  }

  /** A batch's figures under the names of those against the initial policy. */
  static Map<String, Double> named(BatchMetrics metrics) {
    ImmutableMap.Builder<String, Double> values = ImmutableMap.builder();
    metrics.againstReference("logratios").forEach((k, v) -> values.put("initial/" + k, v));
    metrics.flips().forEach((k, v) -> values.put("initial/" + k, v));
    return values.build();
  }
}
