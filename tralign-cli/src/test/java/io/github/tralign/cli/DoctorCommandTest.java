package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {

  @TempDir private Path folder;

  @Test
  void where_tests_run_tralign_works() {
    Cli.Outcome outcome = Cli.run("doctor");
    assertThat(outcome.code()).as(outcome.out()).isZero();
    assertThat(outcome.out())
        .startsWith("Software\n  tralign  ")
        .contains("\nProcessor\n", "\nMemory\n", "\nFolders\n", "\nGPU\n", "\nTrial on cpu\n")
        .containsPattern("a training step +loss 0\\.6931")
        .containsPattern("Java options .*")
        .doesNotContainPattern("-D[\\w.]+=")
        .endsWith("tralign works here.\n");
  }

  @Test
  void a_device_that_is_missing_is_the_problem_and_the_facts_are_there_as_json()
      throws IOException {
    Cli.Outcome outcome = Cli.run("doctor", "--device", "cuda:99", "--json");
    assertThat(outcome.code()).isEqualTo(1);
    JsonNode found = new ObjectMapper().readTree(outcome.out());
    assertThat(found.path("usable").asBoolean(true)).isFalse();
    assertThat(found.path("problems").path(0).asText())
        .contains("device 'cuda:99' does not exist", "see docs/gpu.md");
    assertThat(found.path("Software").path("DJL").asText()).isNotEmpty();
  }

  @Test
  void a_folder_without_a_pytorch_is_refused() {
    for (String command : new String[] {"doctor", "logps"}) {
      assertRefused(
          Cli.run(command, "--pytorch", folder), "--pytorch: " + folder + ": is empty; expected");
      assertRefused(
          Cli.run(command, "--pytorch", ""),
          "--pytorch: is empty; expected a path (. is the current folder)");
    }
  }

  @Test
  void a_shell_completes_the_commands_and_their_options() {
    Cli.Outcome outcome = Cli.run("generate-completion");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("_complete_tralign", "quickstart", "spark-train", "'--learning-rate'")
        .doesNotContain("./tralign");
  }
}
