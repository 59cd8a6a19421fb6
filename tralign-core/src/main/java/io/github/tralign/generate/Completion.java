package io.github.tralign.generate;

import static java.util.Objects.requireNonNull;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;

/**
 * A completion that was generated.
 *
 * @param tokens the new tokens, with the end token if there is one
 * @param logProbs the log-probability of each token under the model itself: temperature 1, nothing
 *     filtered
 * @param finish why it ended
 */
public record Completion(ImmutableIntArray tokens, ImmutableDoubleArray logProbs, Finish finish) {

  /** Why a completion ended. */
  public enum Finish {
    /** It ends with an end token. */
    END_TOKEN,
    /** Its listener stopped it, for example because of a stop string. */
    STOPPED,
    /** It has the maximum number of tokens, or fills the session's maximum length. */
    LENGTH
  }

  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException if there are not as many log-probabilities as tokens
   */
  public Completion {
    requireNonNull(tokens, "tokens");
    requireNonNull(logProbs, "logProbs");
    requireNonNull(finish, "finish");
    if (tokens.length() != logProbs.length()) {
      throw new IllegalArgumentException(
          tokens.length() + " tokens have " + logProbs.length() + " log-probabilities");
    }
  }

  /** The log-probability of the whole completion. */
  public double logProb() {
    return logProbs.stream().sum();
  }
}
