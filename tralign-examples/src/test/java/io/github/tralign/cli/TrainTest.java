package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThat(summary.path("pairs").asInt()).isEqualTo(16);
    assertThat(summary.path("tokens")).isEqualTo(metrics.get(3).path("num_tokens"));

    Path scores = folder.resolve("scores.jsonl");
    assertDone(
        Cli.run("logps", "--policy", run.resolve("model"), "--data", Cli.ROWS, "--output", scores));
    assertThat(lines(scores)).hasSize(40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpo", "ipo", "ipo-mean"})
  void each_loss_trains_with_its_own_beta(String loss) throws IOException {
    Path run = folder.resolve("run");
    assertDone(Cli.run(train(run, "--loss", loss)));
    JsonNode config = new YAMLMapper().readTree(run.resolve("config.yaml").toFile());
    assertThat(config.path("loss").asText()).isEqualTo(loss);
    assertThat(config.path("beta").asDouble()).isEqualTo(0.1);
    assertThat(config.has("label-smoothing")).isEqualTo(loss.equals("dpo"));
  }

  @Test
  void what_does_not_suit_the_data_is_warned_of_and_trained_all_the_same() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run(train(run, "--loss", "kto", "--undesirable-weight", 3));
    assertDone(outcome);
    assertThat(outcome.err())
        .contains("warning: kto: desirable completions count 0.333 times as much");
    assertThat(lines(run.resolve("metrics.jsonl")))
        .hasSize(4)
        .allSatisfy(it -> assertThat(it.path("kl").asDouble(-1)).isNotNegative());
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
  void quiet_runs_say_nothing() {
    Cli.Outcome outcome = Cli.run(train(folder.resolve("run"), "--quiet"));
    assertDone(outcome);
    assertThat(outcome.out() + outcome.err()).isEmpty();
  }

  @Test
  void a_run_that_diverges_fails_with_one_message_and_leaves_no_model() {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run(train(run, "--weight-decay", "1e30", "--quiet"));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("tralign: the ").contains("of step", "rows.jsonl:");
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(run).isDirectoryNotContaining("glob:**model*").isDirectoryContaining("glob:**.yaml");
  }

  @Test
  void a_refusal_in_a_process_of_its_own_is_one_line_and_exit_code_2() throws Exception {
    Cli.Outcome outcome = Cli.process(folder, train(folder.resolve("run"), "--bta", 1));
    BadOptionTest.assertRefused(outcome, "unknown option --bta; did you mean --beta?");
    assertThat(outcome.err().lines()).hasSize(1);
  }

  private static Object[] train(Path output, Object... more) {
    Object[] args = {
      "train",
      "--policy",
      Cli.NEOX,
      "--data",
      Cli.ROWS,
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

  private static void assertDone(Cli.Outcome outcome) {
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  /** The metrics without what depends on the clock. */
  private static List<JsonNode> timeless(Path run) throws IOException {
    List<JsonNode> metrics = lines(run.resolve("metrics.jsonl"));
    metrics.forEach(line -> ((ObjectNode) line).remove("pairs_per_second"));
    return metrics;
  }

  private static String fingerprint(Path run) throws IOException {
    JsonNode config = new YAMLMapper().readTree(run.resolve("config.yaml").toFile());
    return config.path("provenance").path("fingerprint").asText();
  }

  private static JsonNode json(Path file) throws IOException {
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
