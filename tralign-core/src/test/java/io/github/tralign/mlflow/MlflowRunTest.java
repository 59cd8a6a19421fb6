package io.github.tralign.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.mlflow.LoopbackMlflow.Request;
import io.github.tralign.train.TrainingPlan;
import io.github.tralign.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that is logged to a server with MLflow's answers. */
@Timeout(60)
class MlflowRunTest {

  private static final TrainingPlan PLAN = new TrainingPlan(8, 4, 4, 0, "dpo", "fixed", false);

  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();

  private static StepMetrics step(long step) {
    return new StepMetrics(step, Map.of("loss", 1.0 / step, "rewards/margins", Double.NaN));
  }

  private static TrainingResult result(boolean completed) {
    return new TrainingResult(
        ImmutableList.of(),
        step(1),
        step(1),
        completed,
        Optional.empty(),
        Optional.empty(),
        0,
        8,
        8,
        0,
        0,
        0);
  }

  private void run(MlflowSettings settings, long steps, boolean completed) {
    try (MlflowRun run = MlflowRun.of(settings, warnings::add)) {
      run.onStart(PLAN);
      for (long step = 1; step <= steps; step++) {
        run.onStep(step(step));
      }
      run.onEnd(result(completed));
    }
  }

  private static List<JsonNode> metrics(LoopbackMlflow server) {
    return server.requests("runs/log-batch").stream()
        .flatMap(it -> StreamSupport.stream(it.body().path("metrics").spliterator(), false))
        .toList();
  }

  private static List<String> statuses(LoopbackMlflow server) {
    return server.requests("runs/update").stream()
        .map(it -> it.body().path("status").asText())
        .toList();
  }

  @Test
  void a_run_is_logged_with_its_settings_metrics_and_end() throws IOException {
    try (LoopbackMlflow server = new LoopbackMlflow(0)) {
      MlflowSettings settings =
          server
              .settings()
              .name("soft")
              .params(Map.of("beta", "0.1"))
              .tags(Map.of("tralign.version", "1"));
      run(settings, 3, true);
      JsonNode created = server.requests("runs/create").get(0).body();
      assertThat(created.path("experiment_id").asText()).isEqualTo("7");
      assertThat(created.path("run_name").asText()).isEqualTo("soft");
      assertThat(created.path("tags"))
          .hasToString("[{\"key\":\"tralign.version\",\"value\":\"1\"}]");
      assertThat(server.requests("experiments/create")).hasSize(1);
      assertThat(server.requests("runs/log-batch").get(0).body())
          .hasToString(
              "{\"run_id\":\""
                  + LoopbackMlflow.RUN
                  + "\",\"params\":[{\"key\":\"beta\",\"value\":\"0.1\"}]}");
      assertThat(metrics(server))
          .extracting(it -> it.path("key").asText() + " " + it.path("step").asLong())
          .containsExactlyInAnyOrder(
              "loss 1",
              "rewards/margins 1",
              "loss 2",
              "rewards/margins 2",
              "loss 3",
              "rewards/margins 3");
      assertThat(metrics(server))
          .filteredOn(it -> it.path("key").asText().equals("rewards/margins"))
          .allSatisfy(it -> assertThat(it.path("value").asText()).isEqualTo("NaN"));
      assertThat(statuses(server)).containsExactly("FINISHED");
      assertThat(server.requests("runs/update"))
          .extracting(Request::authorization)
          .containsExactly("Basic bWU6c2VjcmV0");
      assertThat(warnings).isEmpty();
    }
  }

  @Test
  void a_request_has_no_more_metrics_than_mlflow_allows() throws IOException {
    try (LoopbackMlflow server = new LoopbackMlflow(0)) {
      run(server.settings(), 1501, true);
      assertThat(metrics(server)).hasSize(3002);
      assertThat(server.requests("runs/log-batch"))
          .allSatisfy(it -> assertThat(it.body().path("metrics").size()).isLessThanOrEqualTo(1000))
          .hasSizeLessThan(10);
    }
  }

  @Test
  void a_run_that_is_stopped_or_fails_has_another_status() throws IOException {
    try (LoopbackMlflow server = new LoopbackMlflow(0)) {
      run(server.settings(), 1, false);
      try (MlflowRun run = MlflowRun.of(server.settings(), warnings::add)) {
        run.onStart(PLAN);
      }
      assertThat(statuses(server)).containsExactly("KILLED", "FAILED");
      assertThat(server.requests("experiments/create")).hasSize(1);
    }
  }

  @Test
  void a_resumed_run_continues_where_the_server_is() throws Exception {
    try (LoopbackMlflow server = new LoopbackMlflow(3)) {
      try (MlflowRun run = MlflowRun.of(server.settings(), warnings::add)) {
        run.onStart(PLAN);
        while (!Files.exists(folder.resolve("mlflow.json"))) {
          Thread.sleep(5); // until the server has given the run an id
          run.intoCheckpoint(2, folder);
        }
      }
      try (MlflowRun run = MlflowRun.of(server.settings(), warnings::add)) {
        run.onResume(new Checkpoint(folder, 2), false);
        run.onStart(PLAN);
        IntStream.rangeClosed(3, 4).mapToObj(MlflowRunTest::step).forEach(run::onStep);
        run.onEnd(result(true));
      }
      assertThat(server.requests("runs/create")).hasSize(1);
      assertThat(metrics(server))
          .allSatisfy(it -> assertThat(it.path("step").asInt()).isEqualTo(4));
      assertThat(statuses(server)).containsExactly("FAILED", "RUNNING", "FINISHED");
    }
  }

  @Test
  void a_server_that_is_away_is_reported_once() throws IOException {
    MlflowSettings settings;
    try (LoopbackMlflow server = new LoopbackMlflow(0)) {
      settings = server.settings();
    }
    run(settings, 3, true);
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0))
        .startsWith("the MLflow server " + settings.server() + " cannot be reached (")
        .endsWith("; training continues, and it is tried again");
    assertThat(warnings.get(1))
        .isEqualTo(settings.server() + ": the metrics of 3 steps were not logged to MLflow");
  }

  @Test
  void a_server_that_rejects_a_request_is_not_asked_again() throws IOException {
    try (LoopbackMlflow server = new LoopbackMlflow(0).failing("runs/create", 403)) {
      run(server.settings(), 3, true);
      assertThat(warnings.get(0))
          .contains(" rejects what is logged (HTTP 403); the run is no longer logged there");
      assertThat(server.requests("runs/create")).hasSize(1);
      assertThat(server.requests("runs/update")).isEmpty();
    }
  }

  @Test
  void a_message_of_the_server_is_shown_in_one_line() throws IOException {
    String rocket = "🚀";
    String message = "no\\r\\n\\n such\\u2028run " + "a".repeat(288) + rocket;
    try (LoopbackMlflow server =
        new LoopbackMlflow(0)
            .answering("runs/create", "{\"message\":\"" + message + "\"}")
            .failing("runs/create", 403)) {
      run(server.settings(), 1, true);
      assertThat(warnings.get(0))
          .contains("(HTTP 403: no such run " + "a".repeat(288) + ");") // not half of the last
          .hasLineCount(1);
    }
  }

  @Test
  void a_server_of_another_kind_is_reported() throws IOException {
    for (String other : List.of("", "[1]", "{}", "{\"run\":{}}")) {
      warnings.clear();
      try (LoopbackMlflow server = new LoopbackMlflow(0).answering("runs/create", other)) {
        run(server.settings(), 3, true);
        assertThat(warnings.get(0))
            .contains("(the answer has no id of a run; is it an MLflow server?)");
        assertThat(server.requests("runs/log-batch")).isEmpty();
      }
    }
  }

  /** A megabyte of blanks is JSON, but more than is asked for. */
  @Test
  void an_answer_without_measure_is_not_received() throws IOException {
    for (int code : List.of(200, 500)) {
      warnings.clear();
      String huge = " ".repeat((1 << 20) + 1) + "{}";
      try (LoopbackMlflow server =
          new LoopbackMlflow(0).answering("runs/create", huge).failing("runs/create", code)) {
        run(server.settings(), 3, true);
        assertThat(warnings.get(0))
            .contains("(the answer is larger than 1 MiB; is it an MLflow server?)");
        assertThat(server.requests("runs/create")).hasSize(1);
      }
    }
  }

  @Test
  void names_are_made_ones_that_mlflow_allows() throws IOException {
    try (LoopbackMlflow server = new LoopbackMlflow(0)) {
      String longest = "x".repeat(501);
      run(server.settings().params(Map.of("a=b/../c//", longest)), 0, true);
      assertThat(server.requests("runs/log-batch").get(0).body().path("params"))
          .hasToString("[{\"key\":\"a_b/_/c_\",\"value\":\"" + longest.substring(2) + "…\"}]");
    }
  }

  @Test
  void the_environment_gives_address_experiment_and_credentials() {
    Map<String, String> environment =
        Map.of(
            "MLFLOW_TRACKING_URI", "https://mlflow.example/prefix/",
            "MLFLOW_TRACKING_TOKEN", "secret",
            "MLFLOW_EXPERIMENT_NAME", "soft");
    MlflowSettings settings = MlflowSettings.of("", environment);
    assertThat(settings.server()).hasToString("https://mlflow.example/prefix/");
    assertThat(settings.authorization()).isEqualTo("Bearer secret");
    assertThat(settings.experiment()).isEqualTo("soft");
    assertThat(settings.toString()).doesNotContain("secret");
    for (String invalid :
        List.of("", "sqlite:///a.db", "http:///x", "http://h:65536", "a b", "http://me:p@host")) {
      assertThatThrownBy(() -> MlflowSettings.of(invalid, Map.of()))
          .as(invalid)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("address of");
    }
  }

  @Test
  void the_end_of_a_line_is_no_part_of_a_token() {
    Map<String, String> environment = Map.of("MLFLOW_TRACKING_TOKEN", "secret\r\n");
    assertThat(MlflowSettings.of("http://host", environment).authorization())
        .isEqualTo("Bearer secret");
  }

  @Test
  void no_message_has_a_credential() {
    for (String token : List.of("secr\net", "secr\u00e9t")) {
      Map<String, String> environment = Map.of("MLFLOW_TRACKING_TOKEN", token);
      assertThatThrownBy(() -> MlflowSettings.of("http://host", environment))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("printable ASCII characters")
          .hasMessageNotContaining("secr");
    }
    for (String address :
        List.of(
            "http://me:secret@host",
            "http://me:secr et@host",
            "http://me:secret@my_host",
            "ftp://me:secret@host",
            "http://host/?token=secret",
            "http://host/#secret")) {
      assertThatThrownBy(() -> MlflowSettings.of(address, Map.of()))
          .as(address)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("the address of the MLflow server has a ")
          .hasMessageNotContaining("secr");
    }
  }
}
