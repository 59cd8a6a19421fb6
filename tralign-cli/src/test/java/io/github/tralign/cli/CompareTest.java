package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {

  @TempDir private Path folder;

  @Test
  void a_page_of_two_runs_is_written_and_its_place_reported() throws IOException {
    Path page = folder.resolve("page.html");
    Cli.Outcome outcome = Cli.run("compare", run("one"), run("two"), "--output", page);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEqualToIgnoringNewLines(page.toString());
    assertThat(page).content().contains("one", "two", "Settings that differ");
  }

  @Test
  void what_cannot_be_compared_is_refused_and_nothing_written() throws IOException {
    Path page = folder.resolve("page.html");
    Path run = run("run");
    assertRefused(Cli.run("compare", "--output", page), "missing: RUN");
    assertRefused(Cli.run("compare", run, run, "--output", page), run + ": is given twice");
    assertRefused(Cli.run("compare", folder, "--output", page), "is not a run's folder");
    assertRefused(
        Cli.run("compare", run, "--output", folder), "--output: " + folder + " cannot be written");
    assertThat(page).doesNotExist();
  }

  @Test
  void a_run_without_steps_does_not_hide_those_with_other_seeds() throws IOException {
    Path[] runs = {run("soft-1"), run("soft-2"), run("soft-3")};
    for (int i = 0; i < runs.length; i++) {
      Files.writeString(runs[i].resolve("config.yaml"), "loss: dpo\nseed: " + i + "\n");
    }
    Files.writeString(runs[2].resolve("metrics.jsonl"), "");
    Path page = folder.resolve("page.html");
    assertThat(Cli.run("compare", runs[0], runs[1], runs[2], "--output", page).code()).isZero();
    assertThat(page).content().contains("soft (2 seeds)").doesNotContain("(3 seeds)");
  }

  private Path run(String name) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    Files.writeString(run.resolve("config.yaml"), "loss: dpo\n");
    Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":1,\"loss\":0.5}\n");
    return run;
  }
}
