package io.github.tralign.judge.client;

import static io.github.tralign.InvalidSettingException.require;
import static java.util.Objects.requireNonNull;

import io.github.tralign.InvalidSettingException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A server that speaks OpenAI's protocol.
 *
 * @param url the address before {@code /chat/completions}, such as {@code http://127.0.0.1:8080/v1}
 * @param key sent with every request if it is there
 * @param timeout how long an answer may take, > 0
 * @param retries how often a request is repeated that was not answered, ≥ 0
 */
public record JudgeServer(URI url, Optional<ApiKey> key, Duration timeout, int retries) {

  private static final int LAST_PORT = 65_535;

  private static final Pattern SECRET_START = Pattern.compile("^(\\w+://)?.*@", Pattern.DOTALL);
  private static final Pattern SECRET_END = Pattern.compile("([?#]).*", Pattern.DOTALL);

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
            && url.getPort() != 0
            && url.getPort() <= LAST_PORT
            && url.getUserInfo() == null
            && url.getQuery() == null
            && url.getFragment() == null,
        "url",
        mustBe(url.toString()));
    require(!timeout.isZero() && !timeout.isNegative(), "timeout", "must be > 0 s, not " + timeout);
    require(retries >= 0, "retries", "must be at least 0, not " + retries);
  }

  /** With a timeout of ten minutes and eight retries. */
  public static JudgeServer of(URI url, Optional<ApiKey> key) {
    return new JudgeServer(url, key, Duration.ofMinutes(10), 8);
  }

  /**
   * An address, which is checked further when a server is made of it.
   *
   * @throws io.github.tralign.InvalidSettingException if it has an invalid character
   */
  public static URI address(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new InvalidSettingException("url", mustBe(text)); // without the cause, which shows all
    }
  }

  /** Hides what may be secret: all before an @, and what follows a ? or #. */
  private static String mustBe(String url) {
    return "must be an address such as http://127.0.0.1:8080/v1 without user, query and fragment,"
        + " with a port of at most 65535, not "
        + SECRET_END.matcher(SECRET_START.matcher(url).replaceFirst("$1…@")).replaceFirst("$1…");
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
