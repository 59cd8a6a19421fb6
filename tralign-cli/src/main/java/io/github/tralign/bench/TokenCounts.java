package io.github.tralign.bench;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import java.util.HashSet;
import java.util.Set;

/**
 * The number of tokens to compute for a batch, counted in three ways. A completion's last token
 * predicts nothing and is not counted.
 *
 * @param packed with each distinct prompt once and without padding, as computed here
 * @param unshared with a prompt for each completion, without padding
 * @param padded with a prompt for each completion, padded to the longest sequence of the batch
 * @param predicted tokens whose log-probability is computed
 */
public record TokenCounts(long packed, long unshared, long padded, long predicted) {

  /** No tokens. */
  public static final TokenCounts NONE = new TokenCounts(0, 0, 0, 0);

  /** The counts of a batch. */
  public static TokenCounts of(PreferenceBatch batch) {
    long packed = 0;
    long unshared = 0;
    long predicted = 0;
    long longest = 0;
    Set<Object> prompts = new HashSet<>();
    for (Example example : batch.examples()) {
      int completions = example.completions().size();
      int inputs = example.completionTokens() - completions;
      packed += inputs + (prompts.add(example.prompt()) ? example.prompt().length() : 0);
      unshared += inputs + (long) completions * example.prompt().length();
      predicted += example.completionTokens();
      longest = Math.max(longest, example.longestSequence() - 1);
    }
    return new TokenCounts(packed, unshared, longest * batch.completions(), predicted);
  }

  /** The sum of both. */
  public TokenCounts plus(TokenCounts other) {
    return new TokenCounts(
        packed + other.packed,
        unshared + other.unshared,
        padded + other.padded,
        predicted + other.predicted);
  }
}
