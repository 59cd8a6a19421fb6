package io.github.tralign.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server with the answers of MLflow 3.17, and what it was asked. */
final class LoopbackMlflow implements AutoCloseable {

  static final String RUN = "0123456789abcdef";
  private static final String NONE = "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}";

  /** A request: the end of its path, its body, its header for credentials. */
  record Request(String path, JsonNode body, String authorization) {}

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final long lastStep;
  private volatile boolean exists;

  /**
   * Starts.
   *
   * @param lastStep what the run has been logged up to
   */
  LoopbackMlflow(long lastStep) throws IOException {
    this.lastStep = lastStep;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/2.0/mlflow/", this::answer);
    server.start();
  }

  MlflowSettings settings() {
    return MlflowSettings.of(
        "http://127.0.0.1:" + server.getAddress().getPort(),
        Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "secret"));
  }

  /** Answers each request for a path with an error. */
  LoopbackMlflow failing(String path, int code) {
    failures.put(path, code);
    return this;
  }

  /** Answers each request for a path with this text. */
  LoopbackMlflow answering(String path, String content) {
    answers.put(path, content);
    return this;
  }

  /** The requests for a path. */
  List<Request> requests(String path) {
    return requests.stream().filter(it -> it.path().equals(path)).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().replace("/api/2.0/mlflow/", "");
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        new Request(
            path,
            new ObjectMapper().readTree(body),
            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
    boolean unknown = path.equals("experiments/get-by-name") && !exists;
    exists |= path.equals("experiments/create");
    int code = failures.getOrDefault(path, unknown ? 404 : 200);
    String text = answers.getOrDefault(path, code == 200 ? content(path) : NONE);
    byte[] answer = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private String content(String path) {
    return switch (path) {
      case "experiments/get-by-name" -> "{\"experiment\":{\"experiment_id\":\"7\"}}";
      case "experiments/create" -> "{\"experiment_id\":\"7\"}";
      case "runs/create" -> "{\"run\":{\"info\":{\"run_id\":\"" + RUN + "\"}}}";
      case "runs/get" ->
          "{\"run\":{\"data\":{\"metrics\":[{\"key\":\"loss\",\"step\":" + lastStep + "}]}}}";
      default -> "{}";
    };
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
