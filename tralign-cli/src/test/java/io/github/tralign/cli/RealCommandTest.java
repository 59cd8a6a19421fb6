package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.judge.Answers;
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

class RealCommandTest {

  @TempDir private Path folder;

  @Test
  void a_sweep_is_run_resumed_after_a_cut_and_analyzed() throws IOException {
    Path output = folder.resolve("real");
    Path words = Files.writeString(folder.resolve("words"), "the\n\nthank you\n");
    Cli.Outcome outcome = run(output, "--seeds", 2, "--words", words);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("Seeds 5, 6.", "### At equal β", "| hard:2 |");
    Path runs = output.resolve("runs.csv");
    List<String> rows = Files.readAllLines(runs);
    assertThat(rows).hasSize(1 + 2 * 3 * 2);
    assertThat(output).isDirectoryContaining("glob:**/quality-over-kl.svg");
    assertThat(Files.readString(output.resolve("report.md"))).contains("### Answers", "- start: ");
    assertThat(Files.readAllLines(output.resolve("seeds.csv"))).hasSize(1 + 2 * 2);

    String whole = Files.readString(runs);
    Files.writeString(runs, whole.substring(0, whole.length() - 9));
    outcome = run(output, "--seeds", 2, "--words", words);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("hard:2, beta 0.5, seed 6").doesNotContain("seed 5");
    assertThat(runs).hasContent(whole);

    Path page = output.resolve("report.md");
    String before = Files.readString(page);
    Files.delete(page);
    outcome = Cli.run("experiment", "real", "--analyze", "--output", output);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(page).hasContent(before);
  }

  @Test
  void answers_of_a_run_can_be_judged_beside_those_of_the_start() throws IOException {
    Path output = folder.resolve("real");
    Cli.Outcome outcome = run(output, "--loss", "kto", "--betas", "1,0.1", "--lora-rank", 2);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("**One seed: no result.**");
    Answers start = Answers.read(output.resolve("answers/5-start.jsonl"));
    Answers mine = Answers.read(output.resolve("answers/5-fixed-beta-0.1.jsonl"));
    assertThat(mine.matching(start)).hasSize(4);
    assertThat(mine.model()).isEqualTo("fixed, beta 0.1, seed 5");
    List<String> known = Files.readAllLines(Cli.ROWS);
    assertThat(start.rows())
        .allSatisfy(
            answer ->
                assertThat(known)
                    .anySatisfy(
                        line ->
                            assertThat(line)
                                .contains(answer.instruction().split("[\\n\"]")[0].strip())));
    assertThat(output.resolve("judge-5/adapter_config.json")).exists();
  }

  @Test
  void runs_with_other_settings_are_refused_and_stay() throws IOException {
    Path output = folder.resolve("real");
    assertThat(run(output, "--rules", "fixed", "--equal-betas", "").code()).isZero();
    String rows = Files.readString(output.resolve("runs.csv"));
    assertRefused(
        run(output, "--learning-rate", "1e-3"),
        "--learning-rate: is 0.001, but 0.01 in the runs of " + output);
    assertRefused(run(output, "--limit", 20), "--judge-pairs: is 5, but 8 in the runs");
    assertRefused(run(output, "--schedule", "linear"), "--schedule: is linear, but constant");
    assertRefused(run(output, "--max-steps", 3, "--epochs", ""), "--epochs: is not given, but 0.3");
    assertThat(output.resolve("runs.csv")).hasContent(rows);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --rules distance:0.1 | --rules: distance:0.1 moves by what a run measures
          --rules soft:1       | --rules: soft:1.0 never lags behind the policy
          --rules soft:0.5:average=factors | --rules: soft:0.5:average=factors cannot be used here
          --rules sotf:0.5     | --rules: unknown reference 'sotf:0.5'
          --betas 0            | --betas: beta must be greater than 0, not 0.0
          --betas 1,1          | --betas: betas must differ
          --loss sft           | --loss: sft has no beta to compare
          --loss simpo         | --loss: simpo has no reference that could move
          --seeds 0            | --seeds: must be at least 1 and at most 1000, not 0
          --measurements 0     | --measurements: must be at least 1, not 0
          --measurements 99    | --measurements: must be at most
          --max-new-tokens 0   | --max-new-tokens: must be at least 1, not 0
          --judge-beta 0       | --judge-beta: must be greater than 0, not 0.0
          --judge-pairs 0      | --judge-pairs: must be at least 1, not 0
          --train-pairs 900    | --train-pairs: must be at least 1 and at most
          --eval-prompts 1     | --eval-prompts: must be at least 2, not 1
          --words nowhere      | nowhere: cannot be read
          --eval-data nowhere.jsonl | nowhere.jsonl
          --threads 0          | --threads: must be at least 1, not 0
          """)
  void an_option_that_cannot_be_is_refused_by_name(String options, String message) {
    Path output = folder.resolve("real");
    String[] words = options.split(" +");
    assertRefused(run(output, words[0], words[1]), message);
    assertThat(output.resolve("runs.csv")).doesNotExist();
  }

  @Test
  void what_is_missing_is_named() {
    assertRefused(
        Cli.run("experiment", "real"), "missing: --policy DIR, --data FILE, --output DIR");
    assertRefused(
        Cli.run("experiment", "real", "--analyze", "--output", folder), "has no runs to analyze");
  }

  @Test
  void help_lists_the_options() {
    assertThat(Cli.run("experiment", "real", "--help").out())
        .startsWith("Usage: ./tralign experiment real --policy DIR")
        .contains("Grid:", "--equal-betas", "Parts of the data:", "--judge-pairs")
        .containsPattern("Default:\\s+fixed,soft:0.6,soft:0.1,hard:32,hard:128")
        .doesNotContain("%", "${");
  }

  private static Cli.Outcome run(Path output, Object... options) {
    Map<Object, Object> values = new LinkedHashMap<>();
    values.put("--policy", Cli.NEOX);
    values.put("--data", Cli.ROWS);
    values.put("--threads", 1);
    values.put("--seed", 5);
    values.put("--seeds", 1);
    values.put("--rules", "fixed,hard:2");
    values.put("--betas", "0.5");
    values.put("--equal-betas", "0.5");
    values.put("--eval-prompts", 4);
    values.put("--max-new-tokens", 4);
    values.put("--learning-rate", "1e-2");
    values.put("--epochs", "0.3");
    values.put("--batch-size", 2);
    for (int i = 0; i < options.length; i += 2) {
      values.put(options[i], options[i + 1]);
    }
    values.values().removeIf(""::equals);
    List<Object> args = new ArrayList<>(List.of("experiment", "real", "--output", output));
    values.forEach((name, value) -> args.addAll(List.of(name, value)));
    return Cli.run(args.toArray());
  }
}
