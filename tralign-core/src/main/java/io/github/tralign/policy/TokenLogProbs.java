package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import java.util.Map;

/**
 * The log-probability of each completion token of a batch, given its prompt and the tokens before.
 *
 * <p>The values are ordered by example, completion and token. Prompt tokens have no values.
 *
 * <p>Completions of an example with equal tokens have exactly equal values: those of the first one.
 * Otherwise a loss might interpret rounding differences of an engine as a preference.
 */
public final class TokenLogProbs {

  private final double[] values; // [T], T = completion tokens of the batch
  private final Map<TokenStatistic, double[]> statistics; // [T] each
  private final int[] firstCompletion; // [examples + 1]
  private final int[] firstToken; // [completions + 1]

  /**
   * Log-probabilities of the tokens of {@code batch}.
   *
   * @param values one per completion token; not copied; made equal for equal completions
   * @throws IllegalArgumentException if their number is not {@code batch.completionTokens()}
   */
  public TokenLogProbs(PreferenceBatch batch, double[] values) {
    this(batch, values, Map.of());
  }

  /**
   * Log-probabilities of the tokens of {@code batch} with statistics of the tokens' distributions.
   *
   * @param values one per completion token; not copied; made equal for equal completions
   * @param statistics statistics with the same number of values each
   * @throws IllegalArgumentException if a number of values is not {@code batch.completionTokens()}
   */
  public TokenLogProbs(
      PreferenceBatch batch, double[] values, Map<TokenStatistic, double[]> statistics) {
    this.values = requireNonNull(values, "values");
    this.statistics = Map.copyOf(requireNonNull(statistics, "statistics"));
    firstCompletion = new int[batch.size() + 1];
    firstToken = new int[batch.completions() + 1];
    int completion = 0;
    for (int i = 0; i < batch.size(); i++) {
      Example example = batch.examples().get(i);
      for (var tokens : example.completions()) {
        firstToken[completion + 1] = firstToken[completion] + tokens.length();
        completion++;
      }
      firstCompletion[i + 1] = completion;
    }
    requireLength(values, firstToken[completion]);
    statistics.values().forEach(it -> requireLength(it, firstToken[firstToken.length - 1]));
    for (int i = 0; i < batch.size(); i++) {
      for (int k = 1; k < completions(i); k++) {
        copy(i, batch.examples().get(i).firstEqual(k), k);
      }
    }
  }

  /** Copies the values of one completion to another one of equal length. */
  private void copy(int example, int from, int to) {
    int tokens = tokens(example, to);
    int source = start(example, from);
    int target = start(example, to);
    System.arraycopy(values, source, values, target, tokens);
    statistics.values().forEach(it -> System.arraycopy(it, source, it, target, tokens));
  }

  private static void requireLength(double[] values, int tokens) {
    if (values.length != tokens) {
      throw new IllegalArgumentException(
          values.length + " values for a batch of " + tokens + " completion tokens");
    }
  }

  /** All values, in order; not a copy. */
  public double[] values() {
    return values;
  }

  /** Whether a statistic is available. */
  public boolean has(TokenStatistic which) {
    return statistics.containsKey(which);
  }

  /**
   * A statistic of each token, in the order of {@link #values()}; not a copy.
   *
   * @throws IllegalStateException if it was not requested
   */
  public double[] statistic(TokenStatistic which) {
    double[] statistic = statistics.get(which);
    if (statistic == null) {
      throw new IllegalStateException("the statistic " + which + " was not requested");
    }
    return statistic;
  }

  /**
   * The gradient of an objective for these values, with a check of its shape.
   *
   * @throws IllegalArgumentException if the number of derivatives is not the number of tokens
   */
  public TokenGradient gradientOf(Objective objective) {
    TokenGradient gradient = requireNonNull(objective.gradient(this), "the objective's gradient");
    requireLength(gradient.logProbs(), values.length);
    if (gradient.divergence().length > 0) {
      requireLength(gradient.divergence(), values.length);
    }
    return gradient;
  }

  /** Number of examples. */
  public int size() {
    return firstCompletion.length - 1;
  }

  /** Number of completions of an example. */
  public int completions(int example) {
    return firstCompletion[example + 1] - firstCompletion[example];
  }

  /** The index in {@link #values()} of the first token of a completion. */
  public int start(int example, int completion) {
    return firstToken[firstCompletion[example] + completion];
  }

  /** Number of tokens of a completion. */
  public int tokens(int example, int completion) {
    int index = firstCompletion[example] + completion;
    return firstToken[index + 1] - firstToken[index];
  }

  /** The log-probability of a whole completion: the sum over its tokens. */
  public double sum(int example, int completion) {
    return sum(values, example, completion);
  }

  /**
   * The sum of a statistic over the tokens of a completion.
   *
   * @throws IllegalStateException if it was not requested
   */
  public double sum(TokenStatistic which, int example, int completion) {
    return sum(statistic(which), example, completion);
  }

  private double sum(double[] of, int example, int completion) {
    int start = start(example, completion);
    int end = start + tokens(example, completion);
    double sum = 0;
    for (int t = start; t < end; t++) {
      sum += of[t];
    }
    return sum;
  }
}
