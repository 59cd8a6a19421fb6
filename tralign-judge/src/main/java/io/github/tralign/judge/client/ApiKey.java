package io.github.tralign.judge.client;

import static io.github.tralign.InvalidSettingException.require;
import static java.util.Objects.requireNonNull;

import com.google.common.base.CharMatcher;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key for a server, from the environment. Nothing shows it: not even {@code toString}. */
public final class ApiKey {

  private static final CharMatcher ALLOWED = CharMatcher.inRange(' ', '~'); // in a header

  /** A shorter one is a placeholder, which may occur in any verdict. */
  private static final int SHORTEST_HIDDEN = 4;

  private final String key;

  private ApiKey(String key) {
    this.key = key;
  }

  /**
   * The key in an environment variable; empty if the variable is not set or blank.
   *
   * @throws io.github.tralign.InvalidSettingException if it has other characters than printable
   *     ASCII
   */
  public static Optional<ApiKey> fromEnvironment(String variable) {
    return of(variable, System.getenv(requireNonNull(variable, "variable")));
  }

  static Optional<ApiKey> of(String variable, @Nullable String value) {
    String key = value == null ? "" : value.strip();
    require(
        ALLOWED.matchesAllOf(key),
        "keyVariable",
        "the key in " + variable + " must have printable ASCII characters only, in one line");
    return key.isEmpty() ? Optional.empty() : Optional.of(new ApiKey(key));
  }

  /** The value of the header {@code Authorization}. */
  String authorization() {
    return "Bearer " + key;
  }

  /** A text of the server without the key, which some servers repeat. */
  String hiddenIn(String text) {
    return key.length() < SHORTEST_HIDDEN ? text : text.replace(key, "…");
  }

  @Override
  public String toString() {
    return "…";
  }
}
