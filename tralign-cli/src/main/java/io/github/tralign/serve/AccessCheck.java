package io.github.tralign.serve;

import com.google.common.base.Ascii;
import com.google.common.net.HostAndPort;
import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets in those who have the key, or without a key programs on this machine. */
record AccessCheck(ServerSettings settings) {

  private static final String BEARER = "Bearer ";

  /** Names of this machine; a page in a browser may give another name the same address. */
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1");

  /**
   * Checks a request.
   *
   * @throws ApiException if it may not be answered
   */
  void check(HttpExchange exchange) {
    if (settings.key().isPresent()) {
      checkKey(exchange.getRequestHeaders().getFirst("Authorization"), settings.key().get());
    } else {
      checkLocal(exchange.getRequestHeaders().getFirst("Host"));
    }
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (exchange.getRequestMethod().equals("POST") && (type == null || !isJson(type))) {
      throw new ApiException( // pages of other sites cannot send this type unasked
          415, "the header Content-Type must be application/json", null, null);
    }
  }

  private static boolean isJson(String type) {
    return Ascii.equalsIgnoreCase(type.split(";", 2)[0].strip(), "application/json");
  }

  private static void checkKey(@Nullable String given, String key) {
    String expected = BEARER + key;
    if (given == null
        || !MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8))) {
      throw new ApiException(
          401, "the header Authorization must be 'Bearer' and the key", null, "invalid_api_key");
    }
  }

  private static void checkLocal(@Nullable String host) {
    String name;
    try {
      name = host == null ? "localhost" : Ascii.toLowerCase(HostAndPort.fromString(host).getHost());
    } catch (IllegalArgumentException e) {
      name = "";
    }
    if (!LOCAL.contains(name)) {
      throw new ApiException(
          403, "without a key, the server answers to localhost only", null, null);
    }
  }
}
