package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --eval-data} and {@code --eval-every}. */
class EvalDataTest {

  private static final String MARGINS = "eval_rewards/margins";

  @TempDir private Path folder;

  /** The first rows with chosen and rejected changed over: what is learned of them is all wrong. */
  static Path contradicting(Path file, int rows) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Cli.ROWS).subList(0, rows)) {
      ObjectNode row = (ObjectNode) new ObjectMapper().readTree(line);
      JsonNode chosen = row.get("chosen");
      row.replace("chosen", row.get("rejected"));
      row.replace("rejected", chosen);
      lines.add(row.toString());
    }
    return Files.write(file, lines);
  }

  private Cli.Outcome run(String command, Object... more) throws IOException {
    Path heldOut = folder.resolve("held-out.jsonl");
    Files.write(heldOut, Files.readAllLines(Cli.ROWS).subList(30, 40));
    return runOn(heldOut, command, more);
  }

  private Cli.Outcome runOn(Path heldOut, String command, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                command,
                "--policy",
                Cli.NEOX,
                "--data",
                Cli.ROWS,
                "--eval-data",
                heldOut,
                "--output",
                folder.resolve("run"),
                "--threads",
                1,
                "--limit",
                8,
                "--batch-size",
                4,
                "--learning-rate",
                "1e-3",
                "--epochs",
                2));
    args.addAll(List.of(more));
    return Cli.run(args.toArray());
  }

  private List<JsonNode> metrics() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("run/metrics.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  @Test
  void held_out_rows_are_measured_against_the_initial_policy() throws IOException {
    Cli.Outcome outcome =
        run("train", "--reference", "soft:0.9", "--eval-every", 3, "--precision", "fp32");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(metrics())
        .extracting(it -> it.has("eval_loss"))
        .containsExactly(false, false, true, true);
    JsonNode last = metrics().get(3);
    // The probe is of the same rows, in other batches, so that products may round otherwise.
    assertThat(last.path(MARGINS).asDouble())
        .isGreaterThan(0.1)
        .isCloseTo(last.path("initial/rewards/margins").asDouble(), within(1e-6));
    assertThat(outcome.out()).contains("held-out rows").contains("against the initial policy");
    JsonNode summary = summary();
    assertThat(summary.path("seconds").path("evaluation").asDouble()).isPositive();
    assertThat(summary.path("pairs").asInt()).isEqualTo(16);
  }

  @Test
  void fine_tuning_measures_them_too() throws IOException {
    Cli.Outcome outcome = run("sft");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(metrics())
        .extracting(it -> it.has("eval_loss"))
        .containsExactly(false, false, false, true);
    assertThat(outcome.out()).containsPattern("held-out rows +loss \\d");
  }

  @Test
  void the_best_weights_are_kept_beside_the_last() throws IOException {
    Path heldOut = contradicting(folder.resolve("held-out.jsonl"), 8);
    String[] options = {
      "--precision", "fp32", "--eval-every", "1", "--keep-best", "--best-metric", MARGINS
    };
    Cli.Outcome outcome = runOn(heldOut, "train", (Object[]) options);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    List<JsonNode> metrics = metrics();
    assertThat(metrics)
        .extracting(it -> it.path(MARGINS).asDouble())
        .isSortedAccordingTo(Comparator.reverseOrder());
    JsonNode best = summary().path("best");
    assertThat(best.path("metric").asText()).isEqualTo(MARGINS);
    assertThat(best.path("reference").asText()).isEqualTo("initial policy");
    assertThat(best.path("step").asInt()).isEqualTo(1);
    assertThat(best.path("value")).isEqualTo(metrics.get(0).path(MARGINS));
    assertThat(outcome.out())
        .containsPattern("best evaluation +" + MARGINS + " -.* against the initial policy, after")
        .contains("best weights         " + folder.resolve("run/best"));
    assertThat(logp("best")).isCloseTo(evalLogp(metrics.get(0)), within(1e-4));
    assertThat(logp("model")).isCloseTo(evalLogp(metrics.get(3)), within(1e-4));
  }

  private static double evalLogp(JsonNode line) {
    return line.path("eval_logps/chosen").asDouble();
  }

  private JsonNode summary() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("run/summary.json").toFile());
  }

  /** What a command of its own says of the run's weights. */
  private double logp(String weights) throws IOException {
    Path figures = folder.resolve(weights + ".json");
    Cli.Outcome outcome =
        Cli.run(
            "evaluate",
            "--policy",
            folder.resolve("run").resolve(weights),
            "--data",
            folder.resolve("held-out.jsonl"),
            "--output",
            figures);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(figures.toFile()).path("logps/chosen").asDouble();
  }

  @Test
  void a_run_without_a_better_evaluation_ends_early_and_says_so() throws IOException {
    Path heldOut = contradicting(folder.resolve("held-out.jsonl"), 8);
    String[] options = {"--eval-every", "1", "--early-stop", "2", "--best-metric", MARGINS};
    Cli.Outcome outcome = runOn(heldOut, "train", (Object[]) options);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(metrics()).hasSize(3);
    assertThat(summary().path("early_stop").asText())
        .startsWith(
            "no evaluation of the last 2 was better by eval_rewards/margins against the initial"
                + " policy; the best was -")
        .endsWith(" after step 1");
    assertThat(outcome.out()).contains("ended early", "after step 3: no evaluation of the last 2");
    assertThat(folder.resolve("run/report.html")).content().contains("The run ended early");
    assertThat(folder.resolve("run/model")).isDirectory();
  }

  @Test
  void what_cannot_be_is_refused() throws IOException {
    refused(run("train", "--eval-every", -1), "--eval-every");
    refused(run("train", "--eval-data", folder.resolve("nothing.jsonl")), "nothing.jsonl");
    refused(run("train", "--loss", "tdpo1", "--reference", "soft:0.6"), "evaluation data");
    refused(
        Cli.run(
            "train",
            "--policy",
            Cli.NEOX,
            "--data",
            Cli.ROWS,
            "--output",
            folder.resolve("run"),
            "--eval-every",
            2),
        "--eval-every: has no effect without --eval-data");
    refused(
        run("train", "--loss", "kto", "--best-metric", "eval_rewards/accuracies"),
        "no completions of the kind that eval_rewards/accuracies is measured on");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  private static void refused(Cli.Outcome outcome, String because) {
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(because);
  }
}
