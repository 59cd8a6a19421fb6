package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftTest {

  @TempDir private Path folder;

  /** The first loss is the mean over the chosen completions' tokens that transformers gives. */
  @Test
  void the_chosen_completions_of_pairs_are_learned_and_their_prompts_are_not() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome =
        sft(Cli.ROWS, run, "--batch-size", 40, "--max-steps", 12, "--precision", "fp32");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    double logp = 0;
    long tokens = 0;
    JsonNode rows = new ObjectMapper().readTree(Cli.LOGPS.toFile()).path("logps").path("neox");
    for (JsonNode row : rows) {
      logp += row.path("chosen").path("logp").asDouble();
      tokens += row.path("chosen").path("tokens").asLong();
    }
    List<JsonNode> metrics = TrainTest.lines(run.resolve("metrics.jsonl"));
    assertThat(metrics.get(0).path("loss").asDouble()).isCloseTo(-logp / tokens, within(1e-4));
    assertThat(metrics.get(11).path("loss").asDouble())
        .isLessThan(metrics.get(0).path("loss").asDouble() - 0.5);
    assertThat(run.resolve("config.yaml")).content().doesNotContain("\nbeta:", "\nreference:");
    assertThat(run.resolve("report.html")).content().contains("Loss", "completions (mean");
    assertThat(outcome.out()).contains("completions/s").doesNotContain("reward margin");
  }

  @Test
  void its_model_can_be_aligned() {
    Path run = folder.resolve("run");
    assertThat(sft(Cli.ROWS, run, "--max-steps", 1).code()).isZero();
    Cli.Outcome aligned =
        Cli.run(
            "train",
            "--policy",
            run.resolve("model"),
            "--data",
            Cli.ROWS,
            "--max-steps",
            1,
            "--output",
            folder.resolve("aligned"),
            "--threads",
            1);
    assertThat(aligned.code()).as(aligned.err()).isZero();
  }

  @Test
  void completions_labelled_undesirable_are_left_out_and_reported() throws IOException {
    Cli.Outcome outcome = sft(labelled(true, false), folder.resolve("run"), "--max-steps", 1);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("completions labelled undesirable are left out; 20 rows in total");
    assertRefused(
        sft(labelled(false), folder.resolve("none"), "--max-steps", 1), "nothing to imitate");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void what_belongs_to_other_losses_is_refused() {
    assertRefused(sft(Cli.ROWS, folder.resolve("run"), "--beta", 1), "unknown option --beta");
    assertRefused(Cli.run("sft"), "missing: --policy DIR, --data FILE, --output DIR");
  }

  private static Cli.Outcome sft(Path data, Path output, Object... more) {
    Object[] args = {
      "sft",
      "--policy",
      Cli.NEOX,
      "--data",
      data,
      "--output",
      output,
      "--threads",
      1,
      "--learning-rate",
      "1e-2"
    };
    return Cli.run(Stream.concat(Stream.of(args), Stream.of(more)).toArray());
  }

  private Path labelled(Boolean... labels) throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : TrainTest.lines(Cli.ROWS)) {
      rows.add(
          new ObjectMapper()
              .createObjectNode()
              .put("prompt", row.path("prompt").asText())
              .put("completion", row.path("chosen").asText())
              .put("label", labels[rows.size() % labels.length])
              .toString());
    }
    return Files.write(folder.resolve("labelled" + labels.length + ".jsonl"), rows);
  }
}
