package io.github.tralign.policy;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;

/**
 * The log-probability of each completion token of a batch, given its prompt and the tokens before.
 *
 * <p>The values lie one after the other: example by example, completion by completion, token by
 * token. Prompt tokens have none.
 */
public final class TokenLogProbs {

  private final double[] values; // [T], T = completion tokens of the batch
  private final int[] firstCompletion; // [examples + 1]
  private final int[] firstToken; // [completions + 1]

  /**
   * Log-probabilities of the tokens of {@code batch}.
   *
   * @param values one per completion token; not copied
   * @throws IllegalArgumentException if their number is not {@code batch.completionTokens()}
   */
  public TokenLogProbs(PreferenceBatch batch, double[] values) {
    this.values = values;
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
    if (values.length != firstToken[completion]) {
      throw new IllegalArgumentException(
          values.length
              + " values for a batch of "
              + firstToken[completion]
              + " completion tokens");
    }
  }

  /** All values, in order; not a copy. */
  public double[] values() {
    return values;
  }

  /** Number of examples. */
  public int size() {
    return firstCompletion.length - 1;
  }

  /** Number of completions of an example. */
  public int completions(int example) {
    return firstCompletion[example + 1] - firstCompletion[example];
  }

  /** Where in {@link #values()} the tokens of a completion begin. */
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
    int start = start(example, completion);
    int end = start + tokens(example, completion);
    double sum = 0;
    for (int t = start; t < end; t++) {
      sum += values[t];
    }
    return sum;
  }
}
