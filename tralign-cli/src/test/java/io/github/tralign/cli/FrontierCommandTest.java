package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    assertThat(outcome.out()).contains("no setting has two seeds yet; continue with --seeds 2");
    String one = Files.readString(output.resolve("runs.csv"));
    outcome = run(output, "--seeds", "2");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("## decayed, dpo", "Seeds 1, 2", output.toString())
        .doesNotContain("continue with --seeds");
    List<String> two = Files.readAllLines(output.resolve("runs.csv"));
    assertThat(two).containsAll(one.lines().toList()).hasSize(1 + 2 * 2 * 5);
    String tables = Files.readString(output.resolve("tables.md"));
    Files.delete(output.resolve("tables.md"));
    outcome = analyze(output);
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
          --betas 0        | --betas: beta must be from 1e-300 to 1e300, not 0
          --betas 1e301    | --betas: beta must be from 1e-300 to 1e300, not 1.0E301
          --betas ,        | --betas select no run
          --regimes noisy --losses kto | --regimes, --losses, --rules and --betas select no run
          --rules hard:8 --losses ipo-mean | select no run
          --seeds -1       | --seeds: seeds must be at least 1 and at most 1000, not -1
          --seeds 1001     | --seeds: seeds must be at least 1 and at most 1000, not 1001
          --pairs 600      | --pairs: pairs must be a multiple of 512, not 600
          --pairs 1049088  | --pairs: pairs must be at least 512 and at most 1048576, not 1049088
          --hidden 2000000000 | --hidden: hidden must be at least 1 and at most 1024, not 2000000000
          --hidden 0       | --hidden: hidden must be at least 1 and at most 1024, not 0
          --sft-steps 0    | --sft-steps: sft steps must be at least 1 and at most 20000, not 0
          --prompts 1      | --prompts: prompts must be at least 2 and at most 131072, not 1
          --threads 0      | --threads: must be at least 1, not 0
          --analyze        | has no runs.csv to analyze
          --analyze --seeds 2 | --seeds: has no effect with --analyze, which takes all runs
          --betas 1 --analyze | --betas: has no effect with --analyze, which takes all runs
          """)
  void an_option_that_cannot_be_is_refused_by_name(String options, String message) {
    Path output = folder.resolve("frontier");
    List<Object> args = new ArrayList<>(List.of("experiment", "frontier", "--output", output));
    args.addAll(List.of(options.split(" +")));
    assertRefused(Cli.run(args.toArray()), message);
    assertThat(output).doesNotExist();
  }

  @Test
  void a_folder_with_runs_of_another_size_is_refused_and_stays_as_it_is() throws IOException {
    Path output = folder.resolve("frontier");
    assertThat(run(output).code()).isZero();
    String rows = Files.readString(output.resolve("runs.csv"));
    String place = output.resolve("runs.csv").toString();
    assertRefused(run(output, "--hidden", "4"), "--hidden: is 4, but 6 in the runs of " + place);
    assertRefused(run(output, "--sft-steps", "6"), "--sft-steps: is 6, but 5 in the runs of ");
    assertRefused(run(output, "--pairs", "1024"), "--pairs: is 1024, but 512 in the runs of ");
    assertRefused(run(output, "--prompts", "9"), "--prompts: is 9, but 8 in the runs of ");
    assertThat(output.resolve("runs.csv")).hasContent(rows);
  }

  @Test
  void analysis_reports_an_invalid_cell() throws IOException {
    Path output = folder.resolve("frontier");
    assertThat(run(output).code()).isZero();
    Path file = output.resolve("runs.csv");
    Files.writeString(file, Files.readString(file).replaceFirst("decayed", "slow"));
    assertRefused(analyze(output), file + ":2: regime must be one of decayed, ");
  }

  @Test
  void a_beta_that_moves_nothing_leaves_figures_that_can_be_drawn() {
    Path output = folder.resolve("frontier");
    Cli.Outcome outcome = run(output, "--betas", "1e-300", "--rules", "fixed,soft:0.6");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(analyze(output).code()).isZero();
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

  private static Cli.Outcome analyze(Path output) {
    return Cli.run("experiment", "frontier", "--output", output, "--analyze");
  }

  private static Cli.Outcome run(Path output, Object... options) {
    Map<Object, Object> values = new LinkedHashMap<>();
    values.put("--regimes", "decayed");
    values.put("--losses", "dpo");
    values.put("--rules", "fixed");
    values.put("--betas", "0.01,0.1");
    values.put("--hidden", "6");
    values.put("--sft-steps", "5");
    values.put("--pairs", "512");
    values.put("--prompts", "8");
    for (int i = 0; i < options.length; i += 2) {
      values.put(options[i], i + 1 < options.length ? options[i + 1] : "");
    }
    List<Object> args = new ArrayList<>(List.of("experiment", "frontier", "--output", output));
    values.forEach(
        (name, value) -> args.addAll(value.equals("") ? List.of(name) : List.of(name, value)));
    return Cli.run(args.toArray());
  }
}
