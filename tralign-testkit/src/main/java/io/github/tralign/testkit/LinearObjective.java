package io.github.tralign.testkit;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.util.Arrays;
import java.util.Set;

/**
 * {@code Σ_t a_t · log π_t + b_t · KL_t}: its derivatives are the weights, so an engine's gradient
 * can be compared with differences of its values.
 *
 * @param logProbs a, one weight per completion token
 * @param divergence b, one weight per completion token; empty for an objective of log-probabilities
 *     only
 */
record LinearObjective(double[] logProbs, double[] divergence) {

  /** An objective of log-probabilities, with random weights. */
  static LinearObjective ofLogProbs(PreferenceBatch batch, long seed) {
    return new LinearObjective(PolicyTools.tokenWeights(batch, seed), new double[0]);
  }

  /** An objective of log-probabilities and divergences, with random weights. */
  static LinearObjective ofBoth(PreferenceBatch batch, long seed) {
    return new LinearObjective(
        PolicyTools.tokenWeights(batch, seed), PolicyTools.tokenWeights(batch, ~seed));
  }

  /** The objective of some of the tokens. */
  LinearObjective slice(int from, int to) {
    return new LinearObjective(
        Arrays.copyOfRange(logProbs, from, to),
        divergence.length == 0 ? divergence : Arrays.copyOfRange(divergence, from, to));
  }

  /** The objective times −1. */
  LinearObjective negative() {
    return new LinearObjective(negative(logProbs), negative(divergence));
  }

  private static double[] negative(double[] weights) {
    return Arrays.stream(weights).map(weight -> -weight).toArray();
  }

  /** The value under a policy's current weights. */
  double value(Policy policy, PreferenceBatch batch) {
    TokenLogProbs scores = policy.score(batch, statistics());
    double sum = dot(logProbs, scores.values());
    return divergence.length == 0
        ? sum
        : sum + dot(divergence, scores.statistic(TokenStatistic.DIVERGENCE));
  }

  /** Adds its gradient to the policy's. */
  void accumulate(Policy policy, PreferenceBatch batch) {
    policy.accumulate(batch, statistics(), scores -> new TokenGradient(logProbs, divergence));
  }

  private Set<TokenStatistic> statistics() {
    return divergence.length == 0 ? Set.of() : Set.of(TokenStatistic.DIVERGENCE);
  }

  private static double dot(double[] weights, double[] values) {
    double sum = 0;
    for (int t = 0; t < values.length; t++) {
      sum += weights[t] * values[t];
    }
    return sum;
  }
}
