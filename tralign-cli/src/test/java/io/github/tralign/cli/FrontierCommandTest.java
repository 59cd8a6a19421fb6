package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrontierCommandTest {

  @TempDir private Path folder;

  @Test
  void a_slice_is_run_resumed_and_analyzed() throws IOException {
    Path output = folder.resolve("frontier");
    Cli.Outcome outcome = run(output, "--seeds", "1");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(output).isDirectoryContaining("glob:**/gold-over-kl.svg");
    String one = Files.readString(output.resolve("runs.csv"));
    outcome = run(output, "--seeds", "2");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("## decayed, dpo", "Seeds 1, 2", output.toString());
    List<String> two = Files.readAllLines(output.resolve("runs.csv"));
    assertThat(two).containsAll(one.lines().toList()).hasSize(1 + 2 * 2 * 5);
    String tables = Files.readString(output.resolve("tables.md"));
    Files.delete(output.resolve("tables.md"));
    outcome = run(output, "--analyze");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(output.resolve("tables.md")).hasContent(tables);
    assertThat(output.resolve("runs.csv")).hasContent(String.join("\n", two) + "\n");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --regimes decay  | --regimes: unknown regime 'decay'; did you mean decayed?
          --losses dop     | --losses: unknown loss 'dop'; did you mean dpo?
          --rules soft:0.5 | --rules: unknown rule 'soft:0.5'
          --betas 0        | --betas: beta must be a number > 0, not 0
          --seeds -1       | --seeds: seeds must be at least 1, not -1
          --pairs 100      | --pairs: pairs must be a multiple of 512, not 100
          --hidden 0       | --hidden: hidden must be at least 1, not 0
          --sft-steps 0    | --sft-steps: sft steps must be at least 1, not 0
          --prompts 1      | --prompts: prompts must be at least 2, not 1
          --threads 0      | --threads: must be at least 1, not 0
          --analyze        | has no runs.csv to analyze
          """)
  void an_option_that_cannot_be_is_refused_by_name(String options, String message) {
    Path output = folder.resolve("frontier");
    List<Object> args = new ArrayList<>(List.of("experiment", "frontier", "--output", output));
    args.addAll(List.of(options.split(" +")));
    assertRefused(Cli.run(args.toArray()), message);
    assertThat(output).doesNotExist();
  }

  @Test
  void a_folder_with_something_else_is_refused_and_stays_as_it_is() throws IOException {
    Files.writeString(folder.resolve("letter"), "dear");
    assertRefused(run(folder), "--output: " + folder + " is not empty and stays as it is");
    assertThat(folder.resolve("runs.csv")).doesNotExist();
  }

  @Test
  void help_lists_the_experiments_and_their_options() {
    assertThat(Cli.run("experiment").out()).contains("frontier", "Compares losses");
    assertThat(Cli.run("experiment", "frontier", "--help").out())
        .startsWith("Usage: ./tralign experiment frontier ")
        .contains("Grid:", "--regimes", "World:", "--hidden", "Run:", "--analyze")
        .doesNotContain("%", "${");
  }

  private static Cli.Outcome run(Path output, Object... options) {
    List<Object> args =
        new ArrayList<>(
            List.of("experiment", "frontier", "--output", output, "--regimes", "decayed"));
    args.addAll(List.of("--losses", "dpo", "--rules", "fixed", "--betas", "0.01,0.1"));
    args.addAll(List.of("--hidden", "6", "--sft-steps", "5", "--pairs", "512", "--prompts", "8"));
    args.addAll(List.of(options));
    return Cli.run(args.toArray());
  }
}
