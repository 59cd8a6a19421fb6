package io.github.tralign.cache;

import static java.util.Objects.requireNonNull;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * What a cached result was made of, as a hash: two keys are equal only if all parts are, in name,
 * value and order.
 */
public final class CacheKey {

  private final StringBuilder parts = new StringBuilder();

  /**
   * Starts a key.
   *
   * @param kind what is cached and by which version of the code that makes it, such as {@code
   *     tokens 1}
   */
  public CacheKey(String kind) {
    requireNonNull(kind, "kind");
    with("kind", kind);
  }

  /** Adds a part; its text must tell it from all others. */
  public CacheKey with(String name, Object part) {
    requireNonNull(name, "name");
    put(name);
    put(part.toString());
    return this;
  }

  /** The key, in hex: 64 digits. */
  public String hex() {
    return Hashing.sha256().hashString(parts, StandardCharsets.UTF_8).toString();
  }

  private void put(String text) {
    // The length keeps text from moving from one part to the next.
    parts.append(text.length()).append(':').append(text);
  }
}
