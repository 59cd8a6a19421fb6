package io.github.tralign.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Iterables;
import io.github.tralign.http.LimitedBody;
import io.github.tralign.metrics.StepMetrics;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests of MLflow's REST API 2.0. */
final class MlflowApi {

  /** The server has rejected a request: the same one will be rejected again. */
  static final class RejectedException extends IOException {

    private static final long serialVersionUID = 1;

    RejectedException(String message) {
      super(message);
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int LARGEST_MIB = 1; // no answer that is asked for comes near
  private static final int BATCH = 100; // params, or tags, of a request
  private static final int LONGEST = 500; // characters of a param, which older servers allow
  private static final int TOO_MANY = 429;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TIMEOUT)
          .build(); // follows no redirects, which would get the credentials
  private final MlflowSettings settings;

  MlflowApi(MlflowSettings settings) {
    this.settings = settings;
  }

  /** Begins a run with its tags, and gives its id. */
  String create(long time) throws IOException, InterruptedException {
    ObjectNode run = JSON.createObjectNode().put("experiment_id", experiment());
    run.put("start_time", time);
    if (!settings.name().isEmpty()) {
      run.put("run_name", settings.name());
    }
    run.set("tags", pairs(settings.tags().entrySet()));
    String id = post("runs/create", run).at("/run/info/run_id").asText();
    if (id.isEmpty()) {
      throw new RejectedException("the answer has no id of a run; is it an MLflow server?");
    }
    return id;
  }

  /** Logs the settings of a run. */
  void params(String id) throws IOException, InterruptedException {
    for (List<Map.Entry<String, String>> part :
        Iterables.partition(settings.params().entrySet(), BATCH)) {
      post("runs/log-batch", JSON.createObjectNode().put("run_id", id).set("params", pairs(part)));
    }
  }

  private String experiment() throws IOException, InterruptedException {
    try {
      return existingExperiment();
    } catch (RejectedException e) {
      return newExperiment();
    }
  }

  private String newExperiment() throws IOException, InterruptedException {
    try {
      ObjectNode experiment = JSON.createObjectNode().put("name", settings.experiment());
      return post("experiments/create", experiment).path("experiment_id").asText();
    } catch (RejectedException e) {
      return existingExperiment(); // another run may have created it just now
    }
  }

  private String existingExperiment() throws IOException, InterruptedException {
    String name = URLEncoder.encode(settings.experiment(), StandardCharsets.UTF_8);
    return send(request("experiments/get-by-name?experiment_name=" + name).GET())
        .at("/experiment/experiment_id")
        .asText();
  }

  private static ArrayNode pairs(Iterable<Map.Entry<String, String>> values) {
    ArrayNode pairs = JSON.createArrayNode();
    for (Map.Entry<String, String> value : values) {
      String text = value.getValue();
      pairs
          .addObject()
          .put("key", key(value.getKey()))
          .put("value", text.length() > LONGEST ? beginning(text, LONGEST - 1) + "…" : text);
    }
    return pairs;
  }

  /** A name with what MLflow allows in it, such as {@code rewards/margins}. */
  private static String key(String name) {
    return name.replaceAll("[^\\p{IsAlphabetic}\\p{IsDigit}_.\\- /]", "_")
        .replaceAll("/+(?=/|$)|^/+|\\.\\.", "_");
  }

  /** The last step of a run that the server has metrics of; 0 if it has none. */
  long lastStep(String run) throws IOException, InterruptedException {
    long last = 0;
    for (JsonNode metric : send(request("runs/get?run_id=" + run).GET()).at("/run/data/metrics")) {
      last = Math.max(last, metric.path("step").asLong());
    }
    return last;
  }

  /** Sets a run's status: {@code RUNNING}, or how it ended. */
  void status(String run, String status, long time) throws IOException, InterruptedException {
    ObjectNode update = JSON.createObjectNode().put("run_id", run).put("status", status);
    if (!status.equals("RUNNING")) {
      update.put("end_time", time);
    }
    post("runs/update", update);
  }

  /** The metrics of a step, measured at a time. */
  record Measured(StepMetrics metrics, long time) {}

  /** Logs the metrics of steps, of which there must not be more than 1,000. */
  void log(String run, List<Measured> steps) throws IOException, InterruptedException {
    ObjectNode batch = JSON.createObjectNode().put("run_id", run);
    ArrayNode metrics = batch.putArray("metrics");
    for (Measured step : steps) {
      step.metrics()
          .values()
          .forEach(
              (name, value) -> {
                ObjectNode metric = metrics.addObject().put("key", key(name));
                if (Double.isFinite(value)) {
                  metric.put("value", value);
                } else {
                  metric.put("value", value.toString()); // as JSON of protocol buffers has it
                }
                metric.put("timestamp", step.time()).put("step", step.metrics().step());
              });
    }
    post("runs/log-batch", batch);
  }

  private JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  private HttpRequest.Builder request(String path) {
    String server = settings.server().toString().replaceFirst("/+$", "");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + "/api/2.0/mlflow/" + path)).timeout(TIMEOUT);
    return settings.authorization().isEmpty()
        ? request
        : request.header("Authorization", settings.authorization());
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<Optional<byte[]>> response = exchange(request.build());
    if (response.body().isEmpty()) {
      throw new RejectedException(
          "the answer is larger than " + LARGEST_MIB + " MiB; is it an MLflow server?");
    }
    String body = new String(response.body().get(), StandardCharsets.UTF_8);
    int code = response.statusCode();
    if (code == 200) {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new RejectedException("the answer is no JSON; is it an MLflow server?");
      }
    }
    String message =
        code >= 300 && code < 400
            ? "HTTP " + code + ": it redirects elsewhere; give the final address"
            : String.format(Locale.ROOT, "HTTP %d%s", code, reason(body));
    throw code < 500 && code != TOO_MANY
        ? new RejectedException(message)
        : new IOException(message);
  }

  /** The timeout of a request ends with the headers; a body may still never end. */
  private HttpResponse<Optional<byte[]>> exchange(HttpRequest request)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Optional<byte[]>>> exchange =
        client.sendAsync(request, head -> new LimitedBody(LARGEST_MIB << 20));
    try {
      return exchange.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      exchange.cancel(true); // closes the connection if it is not done
    }
  }

  /** The server's message, shortened, in one line. */
  private static String reason(String body) {
    try {
      String message = JSON.readTree(body).path("message").asText();
      String line = message.replaceAll("[\\s\\p{Z}\\p{Cc}]+", " ").strip();
      return line.isEmpty() ? "" : ": " + beginning(line, 300);
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  /** As many characters, or one less where they would end within a pair of surrogates. */
  private static String beginning(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    return text.substring(0, length - (Character.isHighSurrogate(text.charAt(length - 1)) ? 1 : 0));
  }
}
