package io.github.tralign.judge.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Ascii;
import io.github.tralign.http.LimitedBody;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests to a server until they are answered: busy servers (429), their failures (5xx), cut
 * connections, replies that take too long and malformed ones are tried again. Thread-safe.
 */
public final class ChatClient {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 300; // characters of a server's message
  private static final int LARGEST_MIB = 16; // no reply of a model comes near

  private final JudgeServer server;
  private final Sleep sleep;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1) // not all servers take the offer to upgrade
          .followRedirects(HttpClient.Redirect.NEVER) // another host must not get the key
          .connectTimeout(Duration.ofSeconds(30))
          .build();

  /** A client of a server. */
  public ChatClient(JudgeServer server) {
    this(server, wait -> TimeUnit.MILLISECONDS.sleep(wait.toMillis()));
  }

  ChatClient(JudgeServer server, Sleep sleep) {
    this.server = requireNonNull(server, "server");
    this.sleep = sleep;
  }

  /** Waits. */
  @FunctionalInterface
  interface Sleep {
    void sleep(Duration wait) throws InterruptedException;
  }

  /** Something that may be better the next time. */
  private static final class Trouble extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Optional<String> retryAfter;

    Trouble(String message, Optional<String> retryAfter, Throwable cause) {
      super(message, cause);
      this.retryAfter = retryAfter;
    }

    Trouble(String message, Optional<String> retryAfter) {
      super(message);
      this.retryAfter = retryAfter;
    }
  }

  /**
   * Asks.
   *
   * @return the reply; its {@code problem} is set if the server rejected this request (most of
   *     4xx), or contains an unpaired surrogate and was not sent
   * @throws JudgeException if the server rejects all requests (the key, the address), or does not
   *     answer in all the attempts
   */
  ChatReply ask(JudgeRequest request) throws InterruptedException {
    String text = request.body().toString();
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      return ChatReply.rejected(
          "not sent: a text contains an unpaired surrogate, which is not a character");
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    for (int attempt = 0; ; attempt++) {
      try {
        return send(body);
      } catch (Trouble e) {
        if (attempt == server.retries()) {
          throw new JudgeException(
              address()
                  + ": no answer (attempts: "
                  + (attempt + 1)
                  + "); the last error: "
                  + e.getMessage(),
              e);
        }
        sleep.sleep(RetryWait.of(attempt, request.index(), e.retryAfter, Instant.now()));
      }
    }
  }

  private ChatReply send(byte[] body) throws Trouble, InterruptedException {
    HttpResponse<Optional<byte[]>> response = exchange(body);
    if (response.body().isEmpty()) {
      throw new Trouble("the reply is larger than " + LARGEST_MIB + " MiB", Optional.empty());
    }
    String text = new String(response.body().get(), StandardCharsets.UTF_8);
    int status = response.statusCode();
    if (status == 200) {
      try {
        return ChatReply.of(JSON.readTree(text)).with(this::hidden);
      } catch (JsonProcessingException e) { // no causes, since they may repeat the key
        throw new Trouble("the reply is not JSON: " + shown(text), Optional.empty());
      } catch (IllegalArgumentException e) {
        String reason = shown(String.valueOf(e.getMessage()));
        throw new Trouble("the reply is no chat completion: " + reason, Optional.empty());
      }
    }
    JsonNode error = error(text);
    String message = status < 400 ? redirection(response) : error.path("message").asText(text);
    String what = "status " + status + (message.isBlank() ? "" : ": " + shown(message));
    boolean quota = error.path("code").asText().equals("insufficient_quota");
    if (status >= 500 || status == 408 || status == 409 || status == 429 && !quota) {
      throw new Trouble(what, response.headers().firstValue("retry-after"));
    }
    if (status < 400 || status <= 405 && status != 400 || status == 429) {
      throw new JudgeException(address() + ": " + what, null);
    }
    return ChatReply.rejected(what);
  }

  private HttpResponse<Optional<byte[]>> exchange(byte[] body)
      throws Trouble, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.chatCompletions())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body));
    server.key().ifPresent(key -> request.header("Authorization", key.authorization()));
    // The timeout of HttpRequest ends with the headers; a body may still never end.
    CompletableFuture<HttpResponse<Optional<byte[]>>> exchange =
        http.sendAsync(request.build(), head -> new LimitedBody(LARGEST_MIB << 20));
    try {
      return exchange.get(server.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Trouble(
          "no answer within " + server.timeout().toMillis() / 1000.0 + " s", Optional.empty(), e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (!(cause instanceof IOException)) {
        throw new IllegalStateException(cause);
      }
      String message =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      throw new Trouble("the connection failed: " + shown(message), Optional.empty(), cause);
    } finally {
      exchange.cancel(true); // closes the connection if it is not done
    }
  }

  private static String redirection(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("location")
        .map(it -> "the server redirects to " + it + "; if that is the judge, give its address")
        .orElse("");
  }

  private static JsonNode error(String text) {
    try {
      return JSON.readTree(text).path("error");
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private String shown(String text) {
    return Ascii.truncate(hidden(text).strip().replaceAll("\\s+", " "), SHOWN, "…");
  }

  private String hidden(String text) {
    return server.key().map(key -> key.hiddenIn(text)).orElse(text);
  }

  private String address() {
    return server.chatCompletions().toString();
  }
}
