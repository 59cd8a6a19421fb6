package io.github.tralign.train;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import java.util.Map;

/**
 * Sums and counts over the slices of a batch, divided once at the end: a mean of means would weigh
 * slices of unlike size alike.
 */
final class BatchMetrics {

  private double loss;
  private double chosenLogp;
  private double rejectedLogp;
  private double chosenReward;
  private double rejectedReward;
  private double correct;
  private double logRatio;
  private long pairs;
  private long examples;
  private long tokens;

  void add(ScoredBatch batch, LossResult result) {
    loss += result.value();
    for (int i = 0; i < batch.size(); i++) {
      examples++;
      for (ScoredCompletion completion : batch.examples().get(i)) {
        logRatio += completion.logRatio();
        tokens += completion.tokens();
      }
      chosenLogp += batch.get(i, 0).logp();
      if (batch.examples().get(i).size() == 2) {
        addPair(batch.get(i, 1), result.rewards()[i]);
      }
    }
  }

  private void addPair(ScoredCompletion rejected, double[] rewards) {
    pairs++;
    rejectedLogp += rejected.logp();
    chosenReward += rewards[0];
    rejectedReward += rewards[1];
    correct += rewards[0] > rewards[1] ? 1 : 0;
  }

  double loss() {
    return loss;
  }

  /** Mean log-probability of the completions: a pair's two, or the one of a demonstration. */
  Map<String, Double> logps() {
    return pairs == 0
        ? ImmutableMap.of("logps/completion", chosenLogp / examples)
        : ImmutableMap.of(
            "logps/chosen", chosenLogp / pairs, "logps/rejected", rejectedLogp / pairs);
  }

  /**
   * Rewards and log-ratios against the reference that was scored.
   *
   * @param logRatios name for the mean log-ratio over completion tokens
   */
  Map<String, Double> againstReference(String logRatios) {
    ImmutableMap.Builder<String, Double> values = ImmutableMap.builder();
    if (pairs > 0) {
      values.put("rewards/chosen", chosenReward / pairs);
      values.put("rewards/rejected", rejectedReward / pairs);
      values.put("rewards/margins", (chosenReward - rejectedReward) / pairs);
      values.put("rewards/accuracies", correct / pairs);
    }
    if (!Double.isNaN(logRatio)) {
      values.put(logRatios, logRatio / tokens);
    }
    return values.build();
  }
}
