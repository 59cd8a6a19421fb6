package io.github.tralign.data;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;

/**
 * How far a stream has been read, over all its passes.
 *
 * @param examples how many were read
 * @param sha256 in hex, of each with what came before it; empty where there is none
 */
public record StreamPosition(long examples, String sha256) {

  /** Nothing has been read, as of data that is no stream. */
  public static final StreamPosition START = new StreamPosition(0, "");

  /** After one more example. */
  StreamPosition and(Example example) {
    Hasher hasher = Hashing.sha256().newHasher().putUnencodedChars(sha256);
    example.hashInto(hasher);
    return new StreamPosition(examples + 1, hasher.hash().toString());
  }
}
