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

class ToyCommandTest {

  @TempDir private Path folder;

  @Test
  void one_setting_leaves_tables_and_pictures() throws IOException {
    Path output = folder.resolve("new/toy");
    Cli.Outcome outcome = run(output, "--loss", "ipo", "--depth", "2", "--steps", "3");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains(Files.readString(output.resolve("table.txt")))
        .contains("ipo, beta 0.1, learning rate 0.01, 3 steps", "TR-IPO soft", output.toString());
    assertThat(outcome.err()).contains("seeds");
    assertThat(output)
        .isDirectoryContaining("glob:**/courses.csv")
        .isDirectoryContaining("glob:**/probabilities.svg")
        .isDirectoryContaining("glob:**/probabilities.png");
  }

  @Test
  void a_grid_leaves_a_row_for_each_combination() {
    Path output = folder.resolve("grid");
    Cli.Outcome outcome =
        run(output, "--grid", "--beta", "0.1,1", "--depth", "2,3", "--learning-rate", "0.01");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(output.resolve("grid.md")).content().hasLineCount(2 + 4);
    assertThat(output.resolve("probabilities.png")).doesNotExist();
  }

  @Test
  void its_configuration_runs_it_again() {
    Path first = folder.resolve("first");
    Path again = folder.resolve("again");
    run(first, "--beta", "0.5", "--sft", "chosen", "--loss", "kto");
    Cli.Outcome outcome =
        Cli.run("toy", "--config", first.resolve("config.yaml"), "--output", again);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(again.resolve("runs.csv")).hasSameBinaryContentAs(first.resolve("runs.csv"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --beta 0                  | --beta: beta must be a number > 0, not 0
          --beta 0.1,much           | --beta: 'much' is not a number
          --beta 0.1,1              | --beta: takes several values with --grid only
          --depth 3,4               | --depth: takes several values with --grid only
          --depth 9                 | --depth: depth must be from 1 to 8, not 9
          --shared-prefix 4         | --shared-prefix: shared prefix must be from 0 to 3
          --learning-rate NaN       | --learning-rate: learning rate must be a number > 0
          --steps 0                 | --steps: steps must be at least 1, not 0
          --hidden 0                | --hidden: hidden must be at least 1, not 0
          --seeds 0                 | --seeds: seeds must be at least 1, not 0
          --loss dop                | --loss: unknown loss 'dop'; did you mean dpo?
          --sft both                | --sft: unknown fine-tuning data 'both'; known: pair, chosen
          --sed 1                   | unknown option --sed
          """)
  void an_option_that_cannot_be_is_refused_by_name(String options, String message) {
    Path output = folder.resolve("toy");
    List<Object> args = new ArrayList<>(List.of("toy", "--output", output));
    args.addAll(List.of(options.split(" +")));
    assertRefused(Cli.run(args.toArray()), message);
    assertThat(output).doesNotExist();
  }

  @Test
  void a_folder_that_is_not_empty_is_refused_and_stays_as_it_is() throws IOException {
    Path letter = Files.writeString(folder.resolve("letter"), "dear");
    assertRefused(run(folder), "--output: " + folder + " is not empty and stays as it is");
    assertThat(folder).isDirectoryNotContaining(it -> !it.equals(letter));
  }

  private static Cli.Outcome run(Path output, Object... options) {
    List<Object> args = new ArrayList<>(List.of("toy", "--output", output, "--seeds", "2"));
    args.addAll(List.of(options));
    return Cli.run(args.toArray());
  }
}
