package io.github.tralign.serve;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.generate.TextGeneration;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.GenerationRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Answers requests for one model: {@code /v1/chat/completions}, {@code /v1/completions} and {@code
 * /v1/models}. Completions of all requests are computed together; each has the text that it would
 * have alone.
 */
public final class ModelServer implements AutoCloseable {

  private static final int GRACE_SECONDS = 3;
  private static final long PATIENCE_MILLIS = 1000;
  private static final int SKIPPED_BYTES = 8 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final ServerSettings settings;
  private final CheckpointTokenizer tokenizer;
  private final RequestReader reader;
  private final GenerationThread generation;
  private final Semaphore room;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile boolean stopping;
  private final long created = Instant.now().getEpochSecond();

  /**
   * Starts to listen.
   *
   * @param session is used by the server alone until it is closed
   * @param config what applies where a request says nothing
   * @throws IOException if it cannot listen at this address
   */
  public ModelServer(
      ServerSettings settings,
      DecodingSession session,
      CheckpointTokenizer tokenizer,
      PromptEncoder encoder,
      GenerationConfig config)
      throws IOException {
    this.settings = requireNonNull(settings, "settings");
    this.tokenizer = requireNonNull(tokenizer, "tokenizer");
    int maxTokens = (int) Math.min(session.maxLength(), session.capacity());
    reader =
        new RequestReader(settings.model(), encoder, config, maxTokens, session.vocabularySize());
    room = new Semaphore(settings.maxCompletions());
    server = HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), 0);
    generation = new GenerationThread(session);
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, this::unknown));
    server.createContext("/v1/models", exchange -> handle(exchange, this::models));
    server.createContext(
        "/v1/chat/completions", exchange -> handle(exchange, it -> complete(it, reader::chat)));
    server.createContext(
        "/v1/completions", exchange -> handle(exchange, it -> complete(it, reader::completions)));
    server.start();
  }

  /** The port that it listens at. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Answers a request. */
  private interface Handler {
    void handle(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private void handle(HttpExchange exchange, Handler handler) {
    try (exchange) {
      try {
        new AccessCheck(settings).check(exchange);
        handler.handle(exchange);
      } catch (ApiException e) {
        send(exchange, e.status(), e.json());
      } catch (IOException e) {
        throw e;
      } catch (RuntimeException e) {
        send(exchange, 500, new ApiException(500, "failed: " + e, null, null).json());
      }
    } catch (IOException e) {
      // The client has vanished.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server stops
    }
  }

  private void unknown(HttpExchange exchange) {
    throw new ApiException(
        404,
        "there is no "
            + exchange.getRequestURI().getPath()
            + "; known: /v1/chat/completions, /v1/completions, /v1/models",
        null,
        "unknown_url");
  }

  private void models(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!path.equals("/v1/models") && !path.startsWith("/v1/models/")) {
      unknown(exchange);
    }
    require(exchange, "GET");
    ObjectNode model =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", settings.model())
            .put("object", "model")
            .put("created", created)
            .put("owned_by", "tralign");
    if (path.equals("/v1/models/" + settings.model())) {
      send(exchange, 200, model);
      return;
    }
    if (!path.matches("/v1/models/?")) {
      throw new ApiException(
          404,
          "there is no such model; this server has '" + settings.model() + "'",
          "model",
          "model_not_found");
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    list.putArray("data").add(model);
    send(exchange, 200, list);
  }

  private void complete(HttpExchange exchange, Function<ObjectNode, CompletionCall> read)
      throws IOException, InterruptedException {
    if (!exchange.getRequestURI().getPath().equals(exchange.getHttpContext().getPath())) {
      unknown(exchange);
    }
    require(exchange, "POST");
    CompletionCall call = read.apply(body(exchange));
    if (stopping) {
      throw new ApiException(503, "the server stops", null, null);
    }
    if (call.choices() > settings.maxCompletions()) {
      throw ApiException.invalid(
          "n",
          call.choices()
              + " completions are requested; at most "
              + settings.maxCompletions()
              + " are possible");
    }
    if (!room.tryAcquire(call.choices())) {
      exchange.getResponseHeaders().set("Retry-After", "1");
      throw new ApiException(
          429,
          "too many completions run or wait; at most " + settings.maxCompletions() + " may",
          null,
          "rate_limit_exceeded");
    }
    CallEvents events = new CallEvents(room::release);
    try {
      for (int i = 0; i < call.requests().size(); i++) {
        GenerationRequest request = call.requests().get(i);
        generation.add(
            request, new TextGeneration(request, tokenizer, call.stops(), events.of(call, i)));
      }
      ResponseWriter writer = new ResponseWriter(call, settings.model(), tokenizer);
      new CallAnswer(exchange, call, events, writer, PATIENCE_MILLIS).send(generation::isOpen);
    } finally {
      events.cancel(); // they give their room back when they end
    }
  }

  private static void require(HttpExchange exchange, String method) {
    if (!exchange.getRequestMethod().equals(method)) {
      exchange.getResponseHeaders().set("Allow", method);
      throw new ApiException(
          405, exchange.getRequestMethod() + " is not possible; use " + method, null, null);
    }
  }

  private ObjectNode body(HttpExchange exchange) throws IOException {
    byte[] bytes;
    try (InputStream body = exchange.getRequestBody()) {
      bytes = body.readNBytes((int) Math.min(Integer.MAX_VALUE, settings.maxBodyBytes() + 1L));
      if (bytes.length > settings.maxBodyBytes()) {
        body.readNBytes(SKIPPED_BYTES); // a client that still sends would not read the answer
      }
    }
    if (bytes.length > settings.maxBodyBytes()) {
      throw new ApiException(
          413,
          "the body is too large; at most " + settings.maxBodyBytes() + " bytes are accepted",
          null,
          "request_too_large");
    }
    try {
      JsonNode json = JSON.readTree(bytes);
      if (json instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) { // also of a wrong encoding
      String reason =
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
      throw new ApiException(400, "the body is not valid JSON: " + reason, null, "invalid_json");
    }
    throw new ApiException(400, "the body must be a JSON object", null, "invalid_json");
  }

  private static void send(HttpExchange exchange, int status, ObjectNode json) throws IOException {
    if (exchange.getResponseCode() != -1) {
      return; // an answer has begun
    }
    byte[] bytes = JSON.writeValueAsBytes(json);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1); // without a body
      return;
    }
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Waits a moment for running requests, then ends the others with an error, and stops. */
  @Override
  public void close() {
    stopping = true;
    try {
      if (generation.isOpen()) {
        boolean unused =
            room.tryAcquire(settings.maxCompletions(), GRACE_SECONDS, TimeUnit.SECONDS);
      }
      generation.close(); // so that the answers end
      threads.shutdown();
      boolean unused = threads.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      generation.close();
      server.stop(0);
      threads.shutdownNow();
    }
  }
}
