package io.github.tralign.generate;

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
    /** It has the maximum number of tokens. */
    LENGTH
  }

  /** The log-probability of the whole completion. */
  public double logProb() {
    return logProbs.stream().sum();
  }
}
