package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --eval-data} and {@code --eval-every}. */
class EvalDataTest {

  @TempDir private Path folder;

  private Cli.Outcome run(String command, Object... more) throws IOException {
    Path heldOut = folder.resolve("held-out.jsonl");
    Files.write(heldOut, Files.readAllLines(Cli.ROWS).subList(30, 40));
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
    Cli.Outcome outcome = run("train", "--reference", "soft:0.9", "--eval-every", 3);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(metrics())
        .extracting(it -> it.has("eval_loss"))
        .containsExactly(false, false, true, true);
    JsonNode last = metrics().get(3);
    assertThat(last.path("eval_rewards/margins").asDouble())
        .isEqualTo(
            last.path("initial/rewards/margins").asDouble()); // the probe is of the same rows
    assertThat(outcome.out()).contains("held-out rows").contains("against the initial policy");
    JsonNode summary = new ObjectMapper().readTree(folder.resolve("run/summary.json").toFile());
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
        "--eval-every: means nothing without --eval-data");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  private static void refused(Cli.Outcome outcome, String because) {
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(because);
  }
}
