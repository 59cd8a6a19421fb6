package io.github.tralign.data;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;

/**
 * The position in a stream, over all its passes.
 *
 * @param examples number of examples read
 * @param sha256 chained hash of all examples read, in hex; empty at the start
 */
public record StreamPosition(long examples, String sha256) {

  /** The start, also for data that is not a stream. */
  public static final StreamPosition START = new StreamPosition(0, "");

  /** The position after one more example. */
  StreamPosition and(Example example) {
    Hasher hasher = Hashing.sha256().newHasher().putUnencodedChars(sha256);
    example.hashInto(hasher);
    return new StreamPosition(examples + 1, hasher.hash().toString());
  }
}
