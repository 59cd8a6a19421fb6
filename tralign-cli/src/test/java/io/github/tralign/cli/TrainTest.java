package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "fixed, 0",
    "soft:0.6, 0.6",
    "hard:2, 1",
    "mixed:0.6:2, 0.6",
    "hard:0.4epoch, 1",
    "soft:0.6:warmup=8, 0.3",
    "hard:2:from=5, 0",
    "distance:1e-9:alpha=0.25:min-steps=2, 0.25"
  })
  void a_run_leaves_its_metrics_summary_and_model(String reference, double weight)
      throws IOException {
    Path run = folder.resolve("run");
    assertDone(Cli.run(train(run, "--reference", reference)));

    List<JsonNode> metrics = lines(run.resolve("metrics.jsonl"));
    assertThat(metrics).extracting(it -> it.path("step").asInt()).containsExactly(1, 2, 3, 4);
    assertThat(metrics)
        .allSatisfy(it -> assertThat(it.fieldNames()).toIterable().contains("loss", "grad_norm"));
    assertThat(metrics.get(3).path("reference/weight").asDouble()).isEqualTo(weight);
    assertThat(metrics.get(3).path("initial/rewards/margins").isDouble()).isTrue();
    assertThat(metrics.get(3).path("num_tokens").isIntegralNumber()).isTrue();

    JsonNode summary = json(run.resolve("summary.json"));
    assertThat(summary.path("seconds").fieldNames())
        .toIterable()
        .containsExactly("load", "reference_scoring", "training", "evaluation", "save");
    assertThat(run.resolve("report.html")).content().contains("Reward margins", "loss");
    assertThat(run.resolve("metrics.csv")).content().hasLineCount(5);
    assertThat(summary.path("pairs").asInt()).isEqualTo(16);
    assertThat(summary.path("tokens")).isEqualTo(metrics.get(3).path("num_tokens"));

    Path scores = folder.resolve("scores.jsonl");
    assertDone(
        Cli.run("logps", "--policy", run.resolve("model"), "--data", Cli.ROWS, "--output", scores));
    assertThat(lines(scores)).hasSize(40);
  }

  @Test
  void a_run_shows_its_data_settings_progress_and_result() throws Exception {
    Cli.Outcome outcome = Cli.process(folder, train(folder.resolve("run"), "--limit", 10));
    assertDone(outcome);
    assertThat(outcome.out())
        .containsSubsequence("Data", "10 of 10 rows used", "Settings", "beta", "Result", "loss");
    assertThat(outcome.err())
        .containsSubsequence("loading", "tokenizing", "scoring the reference", "training", "saving")
        .contains("4/4 loss ");
  }

  @Test
  void a_run_can_be_repeated_from_its_configuration_bit_for_bit() throws Exception {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    assertDone(Cli.process(folder, train(first, "--reference", "soft:0.6")));
    Path config = first.resolve("config.yaml");
    assertDone(Cli.process(folder, "train", "--config", config, "--output", second, "--quiet"));

    assertThat(timeless(second)).isEqualTo(timeless(first));
    assertThat(second.resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(first.resolve("model/model.safetensors"));
    assertThat(fingerprint(second)).isEqualTo(fingerprint(first));
  }

  @Test
  void events_for_tensorboard_are_written_where_they_are_asked_for() {
    Path run = folder.resolve("run");
    assertDone(Cli.run(train(run, "--tensorboard")));
    assertThat(run.resolve("tensorboard")).isDirectoryContaining("glob:**events.out.tfevents.*");
    Path without = folder.resolve("without");
    assertDone(Cli.run(train(without)));
    assertThat(without.resolve("tensorboard")).doesNotExist();
  }

  @Test
  void a_run_is_logged_to_mlflow_and_needs_no_server_to_be_there() throws IOException {
    Path run = folder.resolve("run");
    try (ServerSocket away = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String server = "http://127.0.0.1:" + away.getLocalPort();
      away.close();
      Cli.Outcome outcome = Cli.run(train(run, "--mlflow", server));
      assertDone(outcome);
      assertThat(outcome.err())
          .contains(
              "warning: the MLflow server " + server + " cannot be reached",
              "the metrics of 4 steps were not logged to MLflow");
    }
    assertThat(run.resolve("config.yaml")).content().contains("mlflow: http://127.0.0.1:");
    Cli.Outcome refused = Cli.run(train(folder.resolve("other"), "--mlflow", "sqlite:///a.db"));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--mlflow: 'sqlite:///a.db' is no address");
    assertThat(folder.resolve("other")).doesNotExist();
  }

  @Test
  void the_learning_rate_may_warm_up_over_a_share_and_end_above_zero() throws IOException {
    Path run = folder.resolve("run");
    String[] options = {
      "--schedule", "linear", "--warmup-ratio", "0.25", "--min-learning-rate", "4e-4"
    };
    assertDone(Cli.run(train(run, (Object[]) options)));
    assertThat(lines(run.resolve("metrics.jsonl")))
        .extracting(it -> (double) Math.round(1e6 * it.path("learning_rate").asDouble()) / 1e6)
        .containsExactly(0.0, 1e-3, 8e-4, 6e-4);
  }

  @Test
  void quiet_runs_say_nothing() {
    Cli.Outcome outcome = Cli.run(train(folder.resolve("run"), "--quiet"));
    assertDone(outcome);
    assertThat(outcome.out() + outcome.err()).isEmpty();
  }

  /** A weight that fp32 cannot hold: the gradient of its batch, the second, is not finite. */
  private Path oneBrokenRow() throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : lines(Cli.ROWS).subList(0, 16)) {
      rows.add(((ObjectNode) row).put("weight", rows.size() == 5 ? 1e300 : 1).toString());
    }
    return Files.write(folder.resolve("weighted.jsonl"), rows);
  }

  @Test
  void a_step_that_is_not_finite_ends_the_run_or_is_skipped_and_counted() throws IOException {
    Path run = folder.resolve("run");
    Path data = oneBrokenRow();
    Cli.Outcome stopped = Cli.run(trainOn(data, run, "--shuffle", "false", "--quiet"));
    assertThat(stopped.code()).isEqualTo(1);
    assertThat(stopped.err()).contains("the gradient norm of step 2 is ", "weighted.jsonl:6");

    Path other = folder.resolve("other");
    Cli.Outcome outcome =
        Cli.run(
            trainOn(
                data, other, "--shuffle", "false", "--on-nan", "skip", "--checkpoint-every", 2));
    assertDone(outcome);
    assertThat(outcome.err())
        .contains("warning: skipped: the gradient norm of step 2 is ", "weighted.jsonl:6");
    assertThat(outcome.out()).containsPattern("skipped +1 step ");
    List<JsonNode> metrics = lines(other.resolve("metrics.jsonl"));
    assertThat(metrics)
        .extracting(it -> it.has("grad_norm"))
        .containsExactly(true, false, true, true);
    assertThat(metrics)
        .extracting(it -> it.path("num_skipped_steps").asInt())
        .containsExactly(0, 1, 1, 1);
    assertThat(json(other.resolve("summary.json")).path("skipped_steps").asInt()).isEqualTo(1);
    assertThat(other.resolve("report.html")).content().contains("1 of 4 steps were skipped");

    Files.delete(other.resolve("summary.json"));
    List<JsonNode> whole = timeless(other);
    assertDone(Cli.run("train", "--resume", "--output", other));
    assertThat(timeless(other)).isEqualTo(whole);
    assertThat(json(other.resolve("summary.json")).path("skipped_steps").asInt()).isEqualTo(1);
  }

  @Test
  void a_refusal_in_a_process_of_its_own_is_one_line_and_exit_code_2() throws Exception {
    Cli.Outcome outcome = Cli.process(folder, train(folder.resolve("run"), "--bta", 1));
    BadOptionTest.assertRefused(outcome, "unknown option --bta; did you mean --beta?");
    assertThat(outcome.err().lines()).hasSize(1);
  }

  static Object[] train(Path output, Object... more) {
    return trainOn(Cli.ROWS, output, more);
  }

  static Object[] trainOn(Path data, Path output, Object... more) {
    Object[] args = {
      "train",
      "--policy",
      Cli.NEOX,
      "--data",
      data,
      "--output",
      output,
      "--max-steps",
      4,
      "--batch-size",
      4,
      "--learning-rate",
      "1e-3",
      "--threads",
      1
    };
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray();
  }

  static void assertDone(Cli.Outcome outcome) {
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  /** The metrics without what depends on the clock. */
  static List<JsonNode> timeless(Path run) throws IOException {
    List<JsonNode> metrics = lines(run.resolve("metrics.jsonl"));
    metrics.forEach(line -> ((ObjectNode) line).remove("pairs_per_second"));
    return metrics;
  }

  static String fingerprint(Path run) throws IOException {
    JsonNode config = new YAMLMapper().readTree(run.resolve("config.yaml").toFile());
    return config.path("provenance").path("fingerprint").asText();
  }

  static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }
}
