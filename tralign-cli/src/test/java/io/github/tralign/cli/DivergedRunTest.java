package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that has learned nothing fails, and saves nothing. */
class DivergedRunTest {

  @TempDir private Path folder;

  @Test
  void a_run_that_diverges_fails_with_one_message_and_leaves_no_model() {
    Path run = folder.resolve("run");
    assertFails(train(Cli.ROWS, run, 4, "--weight-decay", "1e30"), "tralign: the ", "of step");
    Path skipping = folder.resolve("skipping");
    assertFails(
        train(Cli.ROWS, skipping, 50, "--weight-decay", "1e30", "--on-nan", "skip"),
        "tralign: the ",
        "10 steps in a row",
        "rows.jsonl:");
    assertNoModel(run);
    assertNoModel(skipping);
  }

  /** No further step sees what the last one made of the weights. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--checkpoint-every 1",
        "--reference soft:0.5",
        "--on-nan skip",
        "--eval-data ROWS --eval-every 1 --checkpoint-every 1 --keep-best --early-stop 1"
      })
  void a_run_whose_last_step_ruins_the_weights_fails(String more) {
    Path run = folder.resolve("run");
    List<Object> args = new ArrayList<>(List.of("--weight-decay", "1e300"));
    Stream.of(more.split(" "))
        .filter(it -> !it.isEmpty())
        .map(it -> it.equals("ROWS") ? Cli.ROWS : it)
        .forEach(args::add);
    assertFails(
        train(Cli.ROWS, run, 1, args.toArray()),
        "tralign: weights that are not finite are not saved: 'embed_out.weight' is ");
    assertNoModel(run);
    assertThat(run.resolve("best")).doesNotExist();
    assertThat(run.resolve("checkpoints"))
        .satisfiesAnyOf(
            it -> assertThat(it).doesNotExist(), it -> assertThat(it).isEmptyDirectory());
  }

  /** A weight of a row that fp32 cannot hold makes the gradient of each batch infinite. */
  @Test
  void a_run_whose_steps_are_all_skipped_fails() throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : TrainTest.lines(Cli.ROWS).subList(0, 4)) {
      rows.add(((ObjectNode) row).put("weight", 1e300).toString());
    }
    Path data = Files.write(folder.resolve("weighted.jsonl"), rows);
    Path run = folder.resolve("run");
    assertFails(
        train(data, run, 3, "--on-nan", "skip"),
        "tralign: all 3 steps of the run were skipped",
        "weighted.jsonl:");
    assertNoModel(run);
  }

  private static void assertFails(Object[] args, String begin, String... messages) {
    Cli.Outcome outcome = Cli.run(args);
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(1);
    String last = outcome.err().lines().reduce((before, line) -> line).orElse("");
    assertThat(last).startsWith(begin);
    assertThat(messages).allSatisfy(message -> assertThat(last).contains(message));
  }

  private static void assertNoModel(Path run) {
    assertThat(run).isDirectoryNotContaining("glob:**model*").isDirectoryContaining("glob:**.yaml");
    assertThat(run.resolve("summary.json")).doesNotExist();
    assertThat(run.resolve("report.html")).content().contains("did not finish");
  }

  private static Object[] train(Path data, Path output, int steps, Object... more) {
    Object[] args = {
      "train",
      "--policy",
      Cli.NEOX,
      "--data",
      data,
      "--output",
      output,
      "--max-steps",
      steps,
      "--batch-size",
      4,
      "--learning-rate",
      "1e-3",
      "--threads",
      1,
      "--quiet"
    };
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray();
  }
}
