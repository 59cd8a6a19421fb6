package io.github.tralign.frontier;

import io.github.tralign.recurrent.NextTokens;
import io.github.tralign.recurrent.RecurrentPolicy;
import io.github.tralign.recurrent.RecurrentStates;
import java.util.Arrays;

/** Completes prompts with given random numbers, so that policies can be compared without noise. */
final class Sampler {

  private static final int AT_ONCE = 256; // sequences, for matrices that stay in the cache

  /**
   * Texts that a policy completed.
   *
   * @param texts prompts with completions
   * @param divergences for each text the sum over its completion of the exact {@code KL(π ‖
   *     frozen)} of the next token, in nats: its mean over texts estimates that of whole
   *     completions without the noise of sampled ratios
   */
  record Completed(int[][] texts, double[] divergences) {}

  private Sampler() {}

  /**
   * Completes prompts of equal lengths.
   *
   * @param frozen what the divergence is measured from
   * @param uniforms in [0, 1), one for each token to sample
   */
  static Completed complete(
      RecurrentPolicy policy, RecurrentPolicy frozen, int[][] prompts, double[][] uniforms) {
    int[][] texts = new int[prompts.length][];
    double[] divergences = new double[prompts.length];
    for (int from = 0; from < prompts.length; from += AT_ONCE) {
      int to = Math.min(prompts.length, from + AT_ONCE);
      Completed part =
          together(
              policy,
              frozen,
              Arrays.copyOfRange(prompts, from, to),
              Arrays.copyOfRange(uniforms, from, to));
      System.arraycopy(part.texts, 0, texts, from, to - from);
      System.arraycopy(part.divergences, 0, divergences, from, to - from);
    }
    return new Completed(texts, divergences);
  }

  private static Completed together(
      RecurrentPolicy policy, RecurrentPolicy frozen, int[][] prompts, double[][] uniforms) {
    int prompt = prompts[0].length;
    int length = prompt + uniforms[0].length;
    int[][] texts = new int[prompts.length][];
    Arrays.setAll(texts, j -> Arrays.copyOf(prompts[j], length));
    double[] divergences = new double[texts.length];
    RecurrentStates state = policy.start(texts.length);
    RecurrentStates other = frozen.start(texts.length);
    for (int i = 0; i < length; i++) {
      if (i >= prompt) {
        NextTokens next = state.next();
        double[] each = other.next().divergencesFrom(next);
        for (int j = 0; j < texts.length; j++) {
          divergences[j] += each[j];
          texts[j][i] = choose(column(next.probabilities(), j), uniforms[j][i - prompt]);
        }
      }
      int at = i;
      int[] tokens = Arrays.stream(texts).mapToInt(text -> text[at]).toArray();
      state = state.read(tokens);
      other = other.read(tokens);
    }
    return new Completed(texts, divergences);
  }

  private static double[] column(double[][] matrix, int j) {
    return Arrays.stream(matrix).mapToDouble(row -> row[j]).toArray();
  }

  /**
   * The index into which a uniform number falls.
   *
   * @param weights not negative, not all 0; need not add up to 1
   * @param uniform in [0, 1)
   */
  static int choose(double[] weights, double uniform) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double left = uniform * sum;
    for (int v = 0; v < weights.length; v++) {
      left -= weights[v];
      if (left < 0) {
        return v;
      }
    }
    return weights.length - 1; // rounding
  }
}
