package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartCommandTest {

  @TempDir private Path folder;

  @Test
  void its_help_names_its_options_and_it_stands_among_the_commands() {
    assertThat(Cli.run("quickstart", "--help").out())
        .contains("--output", "--seed", "--threads", "--quiet");
    assertThat(Cli.run("--help").out()).contains("quickstart");
  }

  @Test
  @Tag("nightly")
  void it_runs_as_the_first_page_shows_it() {
    Cli.Outcome outcome = Cli.run("quickstart", "--output", folder);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("TR-DPO soft  soft:0.6", "TR-DPO hard  hard:");
    assertThat(folder.resolve("runs/tr-dpo-soft/model")).isNotEmptyDirectory();
  }

  @Test
  void no_threads_are_refused() {
    assertRefused(
        Cli.run("quickstart", "--threads", "0", "--output", folder.resolve("new")),
        "--threads: must be at least 1, not 0");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void a_folder_of_something_else_is_refused_and_stays_as_it_is() throws IOException {
    Path letter = Files.writeString(folder.resolve("letter"), "dear");
    assertRefused(
        Cli.run("quickstart", "--output", folder), folder + ": is not empty and not a quickstart");
    assertThat(folder).isDirectoryNotContaining(it -> !it.equals(letter));
  }

  @Test
  void a_model_in_the_folder_that_is_replaced_is_refused_and_stays() throws IOException {
    Files.writeString(folder.resolve("quickstart.json"), "{\"alpha\": 0.6}");
    Path model = Files.createDirectories(folder.resolve("runs/sft/model"));
    assertRefused(
        Cli.run("quickstart", "--policy", model, "--output", folder),
        "--policy: " + model + " is in the folder " + folder + ", which is replaced");
    assertThat(model).exists();
  }

  @Test
  void an_output_under_a_file_is_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path under = file.resolve("quickstart");
    assertRefused(Cli.run("quickstart", "--output", under), under + ": cannot be created");
  }
}
