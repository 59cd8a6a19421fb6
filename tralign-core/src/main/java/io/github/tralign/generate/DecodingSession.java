package io.github.tralign.generate;

import static java.util.Objects.requireNonNull;

import com.google.common.primitives.ImmutableIntArray;
import java.util.List;

/**
 * Sequences of tokens that grow, with what a model remembers of them: for a transformer the keys
 * and values of each token.
 *
 * <p>The logits of a sequence depend on its own tokens only: not on the sequences that are computed
 * in the same call, nor on their order. A session uses the model's weights at the time of the call.
 * Not thread-safe.
 */
public interface DecodingSession extends AutoCloseable {

  /** Size of the vocabulary: the length of the logits. */
  int vocabularySize();

  /** The maximum length of a sequence in tokens, with those of its parent. */
  int maxLength();

  /** The number of tokens that fit in the cache together; a parent's are counted once. */
  long capacity();

  /**
   * The number of tokens that a new sequence can reserve now. After it has reserved n, at least
   * {@code free − n} are left; there may be room for more in several sequences.
   */
  long free();

  /**
   * Starts an empty sequence.
   *
   * @param reserved the number of tokens that it can hold
   * @throws IllegalArgumentException if it is more than is {@link #free}, never otherwise
   */
  Sequence open(int reserved);

  /**
   * Starts a sequence that continues another, whose tokens both share. The other can no longer
   * grow.
   *
   * @param reserved the number of tokens that it can hold in addition to its parent's
   * @throws IllegalArgumentException if it is more than is {@link #free}, or the parent is released
   *     or continues another sequence itself; never otherwise
   */
  Sequence fork(Sequence parent, int reserved);

  /**
   * Appends tokens to sequences, in one pass over the weights.
   *
   * @param extensions at least one; each sequence at most once
   * @return the next token of each sequence, in the same order
   * @throws IllegalArgumentException if a sequence has not reserved as many tokens, occurs twice,
   *     has been continued by another or released, or a token id is not below {@link
   *     #vocabularySize}; then no sequence has changed
   */
  List<NextToken> append(List<Extension> extensions);

  /**
   * Gives a sequence's room back. A parent's room is in use until its last child is released.
   * Releasing it again has no effect.
   */
  void release(Sequence sequence);

  /** Releases all memory. */
  @Override
  void close();

  /** A sequence of a session. */
  interface Sequence {
    /** The number of its tokens, with those of its parent. */
    int length();
  }

  /**
   * Tokens to append.
   *
   * @param sequence a sequence of this session
   * @param tokens at least one token id
   */
  record Extension(Sequence sequence, ImmutableIntArray tokens) {
    /** Checks for null. */
    public Extension {
      requireNonNull(sequence, "sequence");
      requireNonNull(tokens, "tokens");
    }
  }

  /**
   * The model's distribution of the token after a sequence.
   *
   * @param logits one per token id; the caller may change them
   * @param logSumExp log Σ exp of the logits: the log-probability of a token is its logit minus
   *     this
   */
  record NextToken(float[] logits, double logSumExp) {
    /** Checks for null. */
    public NextToken {
      requireNonNull(logits, "logits");
    }
  }
}
