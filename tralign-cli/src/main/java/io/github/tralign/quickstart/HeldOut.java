package io.github.tralign.quickstart;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.TokenLogProbs;

/** The held-out pairs, on which policies are measured. */
final class HeldOut {

  private static final int TOKENS_AT_ONCE = 4096;

  private final PreferenceBatch pairs;

  HeldOut(ImmutableList<Example> pairs) {
    this.pairs = new PreferenceBatch(pairs);
  }

  /** The log-probability of each pair's chosen and rejected completion, [N][2]. */
  double[][] score(LanguageModel model) {
    double[][] scores = new double[pairs.size()][];
    int row = 0;
    for (PreferenceBatch slice : pairs.microBatches(TOKENS_AT_ONCE)) {
      TokenLogProbs logps = model.score(slice);
      for (int i = 0; i < slice.size(); i++) {
        scores[row++] = new double[] {logps.sum(i, 0), logps.sum(i, 1)};
      }
    }
    return scores;
  }

  /** The mean of the chosen (0) or the rejected (1) log-probabilities. */
  static double mean(double[][] scores, int completion) {
    double sum = 0;
    for (double[] pair : scores) {
      sum += pair[completion];
    }
    return sum / scores.length;
  }

  /** Mean over the pairs of {@code (log π − log ref) chosen − (log π − log ref) rejected}. */
  static double margin(double[][] scores, double[][] reference) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += margin(scores[i], reference[i]);
    }
    return sum / scores.length;
  }

  /** The share of the pairs whose margin is positive. */
  static double accuracy(double[][] scores, double[][] reference) {
    int correct = 0;
    for (int i = 0; i < scores.length; i++) {
      correct += margin(scores[i], reference[i]) > 0 ? 1 : 0;
    }
    return (double) correct / scores.length;
  }

  /** Mean of {@code log π − log ref} over all completion tokens. */
  double logRatio(double[][] scores, double[][] reference) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += scores[i][0] - reference[i][0] + scores[i][1] - reference[i][1];
    }
    return sum / pairs.completionTokens();
  }

  private static double margin(double[] scores, double[] reference) {
    return scores[0] - reference[0] - (scores[1] - reference[1]);
  }
}
