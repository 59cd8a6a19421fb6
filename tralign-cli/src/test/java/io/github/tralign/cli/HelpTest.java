package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

  /**
   * Texts of picocli are formats: one with a lone percent sign is shown unwrapped, with a warning.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart",
        "doctor",
        "generate-completion",
        "train",
        "fetch",
        "sft",
        "data",
        "logps",
        "evaluate",
        "generate",
        "chat",
        "serve",
        "judge",
        "compare",
        "merge",
        "toy",
        "experiment",
        "bench"
      })
  void a_command_is_shown_as_it_is_typed(String command) {
    Cli.Outcome outcome = Cli.run(command, "--help");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .startsWith("Usage: ./tralign " + command + " ")
        .doesNotContainPattern("(?<!\\./)tralign " + command)
        .doesNotContain("%", "${", "ModelComparison");
  }

  @Test
  void the_exit_codes_of_the_documentation_are_shown() {
    assertThat(Cli.run("--help").out())
        .contains("'./tralign COMMAND --help'")
        .containsPattern("0 done; 1 failure; 2 an option or an input is invalid; 130 .*")
        .contains("143", "141");
  }

  @Test
  void defaults_that_differ_by_command_are_shown() {
    assertThat(Cli.run("chat", "--help").out())
        .containsPattern("else\\s+256,\\s+in\\s+chat\\s+1,024");
    assertThat(Cli.run("serve", "--help").out()).containsPattern("in\\s+serve\\s+0");
  }

  @Test
  void lines_are_wrapped_at_blanks_only() {
    for (String command : List.of("generate", "serve", "train")) {
      assertThat(Cli.run(command, "--help").out())
          .doesNotContain("\uFEFF")
          .doesNotContainPattern("(?m)(\\(\\.?|--|soft:|hard:)$");
    }
    assertThat(Cli.run("generate", "--help").out()).contains("(.jsonl,", "16,384");
  }

  @Test
  void help_is_a_command_too() {
    assertThat(Cli.run("help").out()).isEqualTo(Cli.run("--help").out());
    assertThat(Cli.run("help", "train").out()).isEqualTo(Cli.run("train", "--help").out());
    Cli.Outcome unknown = Cli.run("help", "trian");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("trian").contains("train");
  }

  @Test
  void all_that_the_launcher_runs_is_listed() {
    assertThat(Cli.run("--help").out())
        .containsPattern("\n  example +Runs an example program")
        .containsPattern("\n  help +Shows");
    Cli.Outcome outcome = Cli.run("example", "own-loss", "model", "--data", "rows");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("the ./tralign of the repository starts them");
  }
}
