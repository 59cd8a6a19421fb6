package io.github.tralign.cache;

import static java.util.Objects.requireNonNull;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * Identifies a cached result by everything that it depends on: two keys are equal only if all parts
 * are equal, in name, value and order.
 */
public final class CacheKey {

  private final StringBuilder parts = new StringBuilder();

  /**
   * Starts a key.
   *
   * @param kind what is cached, and the version of the code that computes it, such as {@code tokens
   *     1}
   */
  public CacheKey(String kind) {
    requireNonNull(kind, "kind");
    with("kind", kind);
  }

  /** Adds a part; its text must identify its value. */
  public CacheKey with(String name, Object part) {
    requireNonNull(name, "name");
    put(name);
    put(part.toString());
    return this;
  }

  /** The key as 64 hexadecimal digits. */
  public String hex() {
    return Hashing.sha256().hashString(parts, StandardCharsets.UTF_8).toString();
  }

  private void put(String text) {
    // The length keeps text from moving from one part to the next.
    parts.append(text.length()).append(':').append(text);
  }
}
