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

  @Test
  void the_curves_are_written_as_a_table_if_it_is_asked_for() throws IOException {
    Path one = run("soft-1");
    Path two = run("soft-2");
    Files.writeString(one.resolve("config.yaml"), "loss: dpo\nseed: 1\n");
    Files.writeString(two.resolve("config.yaml"), "loss: dpo\nseed: 2\n");
    Files.writeString(two.resolve("metrics.jsonl"), "{\"step\":1,\"loss\":0.25}\n");
    Path page = folder.resolve("page.html");
    Path table = folder.resolve("table.csv");
    Object[] command = {"compare", one, two, "--output", page, "--csv", table};
    Cli.Outcome outcome = Cli.run(command);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines()).containsExactly(page.toString(), table.toString());
    assertThat(table)
        .hasContent("run,metric,step,mean,least,greatest\nsoft (2 seeds),loss,1,0.375,0.25,0.5\n");
    assertThat(Cli.run(command).code()).isZero(); // replaces its own

    assertThat(Cli.run("compare", one, two, "--output", page, "--csv", table, "--separate").code())
        .isZero();
    assertThat(table)
        .content()
        .endsWith("\nsoft-1,loss,1,0.5,0.5,0.5\nsoft-2,loss,1,0.25,0.25,0.25\n");
  }

  @Test
  void a_table_replaces_no_other_file() throws IOException {
    Path run = run("run");
    Path page = folder.resolve("page.html");
    Path mine = Files.writeString(folder.resolve("mine.csv"), "run,metric\n");
    assertRefused(
        Cli.run("compare", run, "--output", page, "--csv", mine),
        "--csv: " + mine + " exists and was not written by this command");
    assertRefused(
        Cli.run("compare", run, "--output", page, "--csv", page),
        "--csv: " + page + " is the page; choose another name");
    assertThat(page).doesNotExist();
    assertThat(mine).hasContent("run,metric\n");
    assertThat(Cli.run("compare", run, "--output", page, "--csv", mine, "--overwrite").code())
        .isZero();
    assertThat(mine).content().startsWith("run,metric,step,");
  }

  private Path run(String name) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    Files.writeString(run.resolve("config.yaml"), "loss: dpo\n");
    Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":1,\"loss\":0.5}\n");
    return run;
  }
}
