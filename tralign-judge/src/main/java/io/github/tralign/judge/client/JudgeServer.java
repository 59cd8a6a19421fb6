package io.github.tralign.judge.client;

import static io.github.tralign.InvalidSettingException.require;
import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/**
 * A server that speaks OpenAI's protocol.
 *
 * @param url the address before {@code /chat/completions}, such as {@code http://127.0.0.1:8080/v1}
 * @param key sent with every request if it is there
 * @param timeout how long an answer may take, > 0
 * @param retries how often a request is repeated that was not answered, ≥ 0
 */
public record JudgeServer(URI url, Optional<ApiKey> key, Duration timeout, int retries) {

  /**
   * Checks the settings.
   *
   * @throws io.github.tralign.InvalidSettingException if one is invalid
   */
  public JudgeServer {
    requireNonNull(key, "key");
    require(
        ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
            && url.getHost() != null
            && url.getUserInfo() == null
            && url.getQuery() == null,
        "url",
        "must be an address such as http://127.0.0.1:8080/v1, not " + url);
    require(!timeout.isZero() && !timeout.isNegative(), "timeout", "must be > 0 s, not " + timeout);
    require(retries >= 0, "retries", "must be at least 0, not " + retries);
  }

  /** With a timeout of ten minutes and eight retries. */
  public static JudgeServer of(URI url, Optional<ApiKey> key) {
    return new JudgeServer(url, key, Duration.ofMinutes(10), 8);
  }

  /** The address of chat completions. */
  URI chatCompletions() {
    String text = url.toString();
    return URI.create((text.endsWith("/") ? text : text + "/") + "chat/completions");
  }

  /** Whether the key crosses a network unencrypted. */
  public boolean exposesKey() {
    return key.isPresent() && "http".equals(url.getScheme()) && !isThisMachine(url.getHost());
  }

  private static boolean isThisMachine(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
