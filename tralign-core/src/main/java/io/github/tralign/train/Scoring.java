package io.github.tralign.train;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import io.github.tralign.loss.TokenWeights;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * From the scores of tokens to those of completions, which a loss reads, and back for gradients.
 */
final class Scoring {

  private final TokenWeights weights;
  private final Set<TokenStatistic> statistics;

  Scoring(AlignmentLoss loss) {
    this.weights = loss.tokenWeights();
    this.statistics = EnumSet.noneOf(TokenStatistic.class);
    if (loss.usesDivergence()) {
      statistics.add(TokenStatistic.DIVERGENCE);
    }
    if (loss.usesCollision()) {
      statistics.add(TokenStatistic.COLLISION);
    }
  }

  /** The statistics that the loss needs beside log-probabilities. */
  Set<TokenStatistic> statistics() {
    return statistics;
  }

  /** The log-probability of each completion, [example][completion]. */
  double[][] sums(PreferenceBatch batch, TokenLogProbs scores) {
    if (scores.size() != batch.size() || scores.values().length != batch.completionTokens()) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "the policy scored %d example(s) with %d completion tokens; it was given %d with %d",
              scores.size(),
              scores.values().length,
              batch.size(),
              batch.completionTokens()));
    }
    double[][] sums = new double[scores.size()][];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new double[scores.completions(i)];
      for (int k = 0; k < sums[i].length; k++) {
        sums[i][k] = sum(batch.examples().get(i), scores, i, k);
      }
    }
    return sums;
  }

  private double sum(Example example, TokenLogProbs scores, int i, int k) {
    if (weights == TokenWeights.ONE) {
      return scores.sum(i, k);
    }
    int start = scores.start(i, k);
    double sum = 0;
    for (int t = 0; t < scores.tokens(i, k); t++) {
      sum += weights.of(example, k, t) * scores.values()[start + t];
    }
    return sum;
  }

  /**
   * Combines the scores of policy and reference for each completion. Equal completions of an
   * example are the same one: {@link TokenLogProbs} makes them so, and a reference that was scored
   * by something else is read once.
   *
   * @param policy with the statistics that the loss asks for, or without any
   * @param reference [example][completion]
   */
  ImmutableList<ScoredExample> examples(
      PreferenceBatch batch, TokenLogProbs policy, double[][] reference) {
    double[][] logps = sums(batch, policy);
    ImmutableList.Builder<ScoredExample> examples = ImmutableList.builder();
    for (int i = 0; i < logps.length; i++) {
      ImmutableList.Builder<ScoredCompletion> completions = ImmutableList.builder();
      for (int k = 0; k < logps[i].length; k++) {
        completions.add(
            new ScoredCompletion(
                logps[i][k],
                reference[i][batch.examples().get(i).firstEqual(k)],
                policy.tokens(i, k),
                statistic(TokenStatistic.DIVERGENCE, policy, i, k),
                statistic(TokenStatistic.COLLISION, policy, i, k)));
      }
      examples.add(new ScoredExample(completions.build(), batch.examples().get(i).judgement()));
    }
    return examples.build();
  }

  private double statistic(TokenStatistic which, TokenLogProbs policy, int i, int k) {
    return statistics.contains(which) && policy.has(which) ? policy.sum(which, i, k) : Double.NaN;
  }

  /** The only completion of each example. */
  static ImmutableList<ScoredCompletion> firsts(ImmutableList<ScoredExample> examples) {
    return examples.stream().map(ScoredExample::first).collect(toImmutableList());
  }

  /**
   * The gradient of each token: that of its completion, as often as it counts there. Equal
   * completions of an example are one, of which the first has the gradients of all: where these
   * cancel, as those of a comparison do, nothing is left, not even rounding, of which Adam would
   * make whole steps.
   *
   * @param first index in {@code result} of the first example of {@code batch}
   */
  TokenGradient tokenGradient(
      PreferenceBatch batch, TokenLogProbs policy, LossResult result, int first) {
    double[] logProbs = new double[policy.values().length];
    double[] divergence = new double[result.divergenceGradient().length == 0 ? 0 : logProbs.length];
    for (int i = 0; i < policy.size(); i++) {
      Example example = batch.examples().get(i);
      for (int k = 0; k < policy.completions(i); k++) {
        int start = policy.start(i, example.firstEqual(k));
        double slope = result.gradient()[first + i][k];
        for (int t = 0; t < policy.tokens(i, k); t++) {
          logProbs[start + t] += slope * weights.of(example, k, t);
          if (divergence.length > 0) {
            divergence[start + t] += result.divergenceGradient()[first + i][k];
          }
        }
      }
    }
    return new TokenGradient(logProbs, divergence);
  }
}
