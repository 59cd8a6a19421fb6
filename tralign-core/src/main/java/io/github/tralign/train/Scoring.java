package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.policy.TokenLogProbs;
import java.util.Arrays;

/** From log-probabilities of tokens to those of completions, and back for the gradient. */
final class Scoring {

  private Scoring() {}

  /** Puts the policy's and the reference's log-probabilities of each completion together. */
  static ImmutableList<ImmutableList<ScoredCompletion>> completions(
      TokenLogProbs policy, double[][] reference) {
    ImmutableList.Builder<ImmutableList<ScoredCompletion>> examples = ImmutableList.builder();
    for (int i = 0; i < policy.size(); i++) {
      ImmutableList.Builder<ScoredCompletion> completions = ImmutableList.builder();
      for (int k = 0; k < policy.completions(i); k++) {
        completions.add(
            new ScoredCompletion(policy.sum(i, k), reference[i][k], policy.tokens(i, k)));
      }
      examples.add(completions.build());
    }
    return examples.build();
  }

  /**
   * The gradient of each token's log-probability: that of its completion, which is their sum.
   *
   * @param first index in {@code result} of the first example of {@code policy}
   */
  static double[] tokenGradient(TokenLogProbs policy, LossResult result, int first) {
    double[] gradient = new double[policy.values().length];
    for (int i = 0; i < policy.size(); i++) {
      for (int k = 0; k < policy.completions(i); k++) {
        int start = policy.start(i, k);
        int end = start + policy.tokens(i, k);
        Arrays.fill(gradient, start, end, result.gradient()[first + i][k]);
      }
    }
    return gradient;
  }
}
