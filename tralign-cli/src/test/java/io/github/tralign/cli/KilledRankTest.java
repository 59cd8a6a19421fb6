package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs of two processes, one of which is killed or asked to terminate. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "x86_64"})
class KilledRankTest {

  private static final long DEADLINE_SECONDS = 120; // for what takes a moment on an idle machine

  @TempDir private Path folder;

  @Test
  void a_rank_that_is_killed_ends_the_other_and_the_run_is_resumed_as_it_was() throws Exception {
    killAndResume(false);
  }

  @Test
  @Tag("nightly")
  void so_is_one_whose_first_rank_is_killed_when_it_resumes() throws Exception {
    killAndResume(true);
  }

  private void killAndResume(boolean again) throws Exception {
    Path whole = folder.resolve("whole");
    Cli.Outcome outcome = Cli.run(train(whole));
    assertThat(outcome.code()).as(outcome.err()).isZero();

    Path killed = folder.resolve("killed");
    Process first = Cli.start(folder, train(killed));
    ProcessHandle other = other(first, killed);
    other.destroyForcibly(); // SIGKILL
    assertThat(first.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).isEqualTo(1);
    assertThat(err())
        .contains("rank 1 (process " + other.pid() + ") ended with exit code 137 (signal 9)");

    if (again) {
      first = Cli.start(folder, "train", "--resume", "--output", killed);
      other = other(first, killed);
      first.destroyForcibly().waitFor();
      other.onExit().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    outcome = Cli.run("train", "--resume", "--output", killed);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(killed.resolve("model").resolve("model.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("model").resolve("model.safetensors"));
  }

  @Test
  @Tag("nightly")
  void a_request_to_terminate_any_rank_stops_all_with_a_checkpoint() throws Exception {
    for (boolean ofFirst : List.of(true, false)) {
      Path run = folder.resolve("run" + ofFirst);
      Process first = Cli.start(folder, train(run, "--checkpoint-every", 0));
      ProcessHandle other = other(first, run);
      assertThat(ofFirst ? first.toHandle().destroy() : other.destroy()).isTrue(); // SIGTERM
      assertThat(first.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(first.exitValue()).isEqualTo(ofFirst ? 143 : 130);
      assertThat(other.isAlive()).isFalse();
      assertThat(err()).contains("stopped after step ", "to resume: ");
      assertThat(run.resolve("checkpoints")).isNotEmptyDirectory();
    }
  }

  private static Object[] train(Path run, Object... more) {
    Object[] options = {
      "--processes",
      2,
      "--collective-timeout",
      "2m",
      "--max-steps",
      60,
      "--batch-size",
      2,
      "--reference",
      "soft:0.6",
      "--learning-rate",
      "1e-4",
      "--probe-pairs",
      4
    };
    Object[] checkpoints = more.length > 0 ? more : new Object[] {"--checkpoint-every", 10};
    return Cli.training(
        "train", run, Stream.of(options, checkpoints).flatMap(Stream::of).toArray());
  }

  /** Waits until a run goes on, and gives its second process. */
  private ProcessHandle other(Process first, Path run) throws Exception {
    Path metrics = run.resolve("metrics.jsonl");
    long before = lines(metrics);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (first.isAlive() && lines(metrics) < before + 3) {
      assertThat(System.nanoTime()).as("steps within the deadline").isLessThan(deadline);
      first.waitFor(5, TimeUnit.MILLISECONDS);
    }
    assertThat(first.isAlive()).as(err()).isTrue();
    return first.children().findFirst().orElseThrow();
  }

  private static long lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  private String err() throws IOException {
    return Files.readString(folder.resolve("stderr"));
  }
}
