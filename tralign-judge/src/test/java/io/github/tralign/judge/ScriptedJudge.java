package io.github.tralign.judge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.tralign.judge.client.ApiKey;
import io.github.tralign.judge.client.JudgeServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A server on this machine whose replies a program makes, and which fails when it is told to. */
public final class ScriptedJudge implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // else each reply waits for 40 ms
  }

  /** How a request fails; a status is a number, with what follows as its {@code Retry-After}. */
  public static final String CUT = "cut";

  public static final String MALFORMED = "malformed";
  public static final String SLOW = "slow";
  public static final String ENDLESS = "endless";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Function<JsonNode, ObjectNode> judge;
  private final Queue<String> faults = new ArrayDeque<>();
  private final Queue<JsonNode> bodies = new ConcurrentLinkedQueue<>();
  private final Queue<String> authorizations = new ConcurrentLinkedQueue<>();
  private String always = "";

  /**
   * Starts.
   *
   * @param judge a completion for each body
   */
  public ScriptedJudge(Function<JsonNode, ObjectNode> judge) {
    this.judge = judge;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/chat/completions", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** A judge whose replies are texts. */
  public static ScriptedJudge saying(Function<JsonNode, String> text) {
    return new ScriptedJudge(body -> completion(text.apply(body)));
  }

  /** A completion with a text. */
  public static ObjectNode completion(String text) {
    ObjectNode completion = JSON.createObjectNode();
    ObjectNode choice = completion.putArray("choices").addObject();
    choice.put("finish_reason", "stop").putObject("message").put("content", text);
    completion.putObject("usage").put("prompt_tokens", 5).put("completion_tokens", 2);
    return completion;
  }

  /** The text of the user's message. */
  public static String question(JsonNode body) {
    JsonNode messages = body.path("messages");
    return messages.path(messages.size() - 1).path("content").asText();
  }

  /** The next requests fail in these ways. */
  public synchronized ScriptedJudge failing(String... ways) {
    faults.addAll(List.of(ways));
    return this;
  }

  /** All requests fail in this way from now on; an empty text ends that. */
  public synchronized void alwaysFailing(String way) {
    always = way;
  }

  private synchronized String fault() {
    String next = faults.poll();
    return next == null ? always : next;
  }

  public JudgeServer server(int retries) {
    return server(retries, Optional.empty(), Duration.ofSeconds(60));
  }

  public JudgeServer server(int retries, Optional<ApiKey> key, Duration timeout) {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    return new JudgeServer(url, key, timeout, retries);
  }

  /** All bodies that arrived, failures included. */
  public List<JsonNode> bodies() {
    return List.copyOf(bodies);
  }

  public List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = JSON.readTree(exchange.getRequestBody());
      bodies.add(body);
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      String fault = fault();
      byte[] reply = judge.apply(body).toString().getBytes(UTF_8);
      switch (fault) {
        case "" -> answer(exchange, 200, reply, reply.length);
        case MALFORMED -> answer(exchange, 200, "{\"choices\":[".getBytes(UTF_8), 12);
        case CUT -> answer(exchange, 200, "{\"choi".getBytes(UTF_8), reply.length);
        case SLOW -> closed.await();
        case ENDLESS -> {
          exchange.sendResponseHeaders(200, 0); // chunks, until the client has enough
          byte[] spaces = " ".repeat(1 << 16).getBytes(UTF_8);
          while (closed.getCount() > 0) {
            exchange.getResponseBody().write(spaces);
          }
        }
        default -> {
          String[] words = fault.split(" ", 3);
          if (words.length > 1) {
            exchange.getResponseHeaders().set("Retry-After", words[1]);
          }
          if (words.length > 2 && words[0].startsWith("3")) {
            exchange.getResponseHeaders().set("Location", words[2]);
          }
          byte[] error =
              ("{\"error\":{\"message\":\"" + (words.length > 2 ? words[2] : "no") + "\"}}")
                  .getBytes(UTF_8);
          answer(exchange, Integer.parseInt(words[0]), error, error.length);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] bytes, int length)
      throws IOException {
    exchange.sendResponseHeaders(status, length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
