package io.github.tralign.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Doubles;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How a policy scores data, by itself and compared with its reference if it has one. */
final class ModelComparison {

  private static final class Mean {
    private double sum;
    private double count;
  }

  /** All measurements, in the order in which they are shown. */
  private static final ImmutableList<String> NAMES =
      ImmutableList.of(
          "logps/chosen",
          "logps/rejected",
          "logps/completion",
          "logps_per_token/chosen",
          "logps_per_token/rejected",
          "logps_per_token/completion",
          "accuracy",
          "rewards/chosen",
          "rewards/rejected",
          "rewards/completion",
          "rewards/margins",
          "rewards/accuracies",
          "logratios/reference",
          "kl");

  private final Policy policy;
  private final double beta;
  private final Map<String, Mean> means = new HashMap<>();
  private long completions;
  private long tokens;

  /**
   * Nothing measured yet.
   *
   * @param beta by which log-ratios become rewards
   */
  ModelComparison(Policy policy, double beta) {
    this.policy = policy;
    this.beta = beta;
  }

  /** The scores of examples, which are computed at once; changes nothing. */
  double[] compute(PreferenceBatch batch) {
    if (!policy.hasReference()) {
      return policy.score(batch).values();
    }
    TokenLogProbs scores = policy.score(batch, Set.of(TokenStatistic.DIVERGENCE));
    return Doubles.concat(
        scores.values(),
        scores.statistic(TokenStatistic.DIVERGENCE),
        policy.reference().score(batch).values());
  }

  /** Measures further examples with what {@link #compute} gave for them. */
  void add(PreferenceBatch batch, double[] computed) {
    if (!policy.hasReference()) {
      add(batch, new TokenLogProbs(batch, computed));
      return;
    }
    int n = computed.length / 3;
    Map<TokenStatistic, double[]> divergence =
        Map.of(TokenStatistic.DIVERGENCE, Arrays.copyOfRange(computed, n, 2 * n));
    TokenLogProbs scores = new TokenLogProbs(batch, Arrays.copyOfRange(computed, 0, n), divergence);
    TokenLogProbs reference = new TokenLogProbs(batch, Arrays.copyOfRange(computed, 2 * n, 3 * n));
    add(batch, scores);
    for (int i = 0; i < batch.size(); i++) {
      double[] rewards = new double[scores.completions(i)];
      for (int k = 0; k < rewards.length; k++) {
        double logRatio =
            scores.sum(i, k) - FiniteScore.of(reference, i, k, batch.examples().get(i));
        rewards[k] = beta * logRatio;
        add("rewards/" + kind(batch.examples().get(i), k), rewards[k], 1);
        add("logratios/reference", logRatio, scores.tokens(i, k));
        add("kl", scores.sum(TokenStatistic.DIVERGENCE, i, k), scores.tokens(i, k));
      }
      if (rewards.length == 2) {
        add("rewards/margins", rewards[0] - rewards[1], 1);
        add("rewards/accuracies", rewards[0] > rewards[1] ? 1 : 0, 1);
      }
    }
  }

  private void add(PreferenceBatch batch, TokenLogProbs scores) {
    for (int i = 0; i < batch.size(); i++) {
      Example example = batch.examples().get(i);
      for (int k = 0; k < scores.completions(i); k++) {
        String kind = kind(example, k);
        add("logps/" + kind, FiniteScore.of(scores, i, k, example), 1);
        add("logps_per_token/" + kind, scores.sum(i, k), scores.tokens(i, k));
        completions++;
        tokens += scores.tokens(i, k);
      }
      if (example.isPair()) {
        add("accuracy", scores.sum(i, 0) > scores.sum(i, 1) ? 1 : 0, 1);
      }
    }
  }

  private static String kind(Example example, int completion) {
    if (example.isPair()) {
      return completion == 0 ? "chosen" : "rejected";
    }
    return switch (example.judgement().label()) {
      case DESIRABLE -> "chosen";
      case UNDESIRABLE -> "rejected";
      case NONE -> "completion";
    };
  }

  private void add(String name, double value, double weight) {
    Mean mean = means.computeIfAbsent(name, it -> new Mean());
    mean.sum += value;
    mean.count += weight;
  }

  long completions() {
    return completions;
  }

  long tokens() {
    return tokens;
  }

  /** The measurements by name, always in the same order. */
  ImmutableMap<String, Double> values() {
    ImmutableMap.Builder<String, Double> values = ImmutableMap.builder();
    for (String name : NAMES) {
      Mean mean = means.get(name);
      if (mean != null) {
        values.put(name, mean.sum / mean.count);
      }
    }
    return values.buildOrThrow();
  }
}
