package io.github.tralign.judge.client;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** A key for a server, from the environment. Nothing shows it: not even {@code toString}. */
public final class ApiKey {

  private final String key;

  ApiKey(String key) {
    this.key = key;
  }

  /** The key in an environment variable; empty if the variable is not set or blank. */
  public static Optional<ApiKey> fromEnvironment(String variable) {
    return Optional.ofNullable(System.getenv(requireNonNull(variable, "variable")))
        .map(String::strip)
        .filter(it -> !it.isEmpty())
        .map(ApiKey::new);
  }

  /** The value of the header {@code Authorization}. */
  String authorization() {
    return "Bearer " + key;
  }

  /** A text of the server without the key, which some servers repeat in their errors. */
  String hiddenIn(String text) {
    return text.replace(key, "…");
  }

  @Override
  public String toString() {
    return "…";
  }
}
