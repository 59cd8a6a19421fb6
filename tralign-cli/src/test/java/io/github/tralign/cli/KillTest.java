package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trains in processes that are killed at random moments, most of them while a checkpoint is
 * written, and compares what comes out with an uninterrupted run. The profile {@code nightly} kills
 * more runs, {@code soak} kills them more often too.
 */
class KillTest {

  /** Kills of each run. */
  private static final int KILLS = Integer.getInteger("tralign.kills", 2);

  private static final int STEPS = 20 + 12 * KILLS;
  private static final long DEADLINE_SECONDS = 120; // for a process to show a sign of life

  private final Random random = new Random(11);
  private int duringCheckpoints;

  @TempDir private Path folder;

  @Test
  void a_run_that_was_killed_again_and_again_is_the_uninterrupted_one() throws Exception {
    killAndCompare("kto", "soft:0.6", 3, 0);
  }

  @Tag("nightly")
  @ParameterizedTest
  @CsvSource({
    "dpo, hard:7, 1, 0",
    "dpo, fixed, 3, 0",
    "dpo, soft:0.6, 1, 0",
    "kto, fixed, 1, 0",
    "kto, hard:13, 1, 0",
    "dpo, soft:0.6, 1, 4",
    "kto, soft:0.1, 3, 2"
  })
  void so_is_one_with_another_loss_reference_or_adapter(
      String loss, String reference, int checkpointEvery, int loraRank) throws Exception {
    killAndCompare(loss, reference, checkpointEvery, loraRank);
    System.out.printf(
        "%s %s, adapter of rank %d: %d kills, %d while a checkpoint was written%n",
        loss, reference, loraRank, KILLS, duringCheckpoints);
  }

  private void killAndCompare(String loss, String reference, int checkpointEvery, int loraRank)
      throws Exception {
    Path whole = folder.resolve("whole");
    Cli.Outcome outcome =
        Cli.run(train(whole, loss, reference, checkpointEvery, loraRank).toArray());
    assertThat(outcome.code()).as(outcome.err()).isZero();

    Path killed = folder.resolve("killed");
    List<Object> start = train(killed, loss, reference, checkpointEvery, loraRank);
    List<Object> goOn = List.of("train", "--resume", "--output", killed);
    int kills = 0;
    while (kills < KILLS) {
      List<Object> command = Files.exists(killed.resolve("config.yaml")) ? goOn : start;
      if (!wasKilled(Cli.start(folder, command.toArray()), killed, kills % 5 == 4)) {
        break; // it came to its end before; told below
      }
      kills++;
      duringCheckpoints += leftovers(killed);
    }
    assertThat(kills).as("kills before the run was done").isEqualTo(KILLS);
    Cli.Outcome last = Cli.run(goOn.toArray());
    assertThat(last.code()).as(last.err()).isZero();

    assertThat(metrics(killed)).hasSize(STEPS).isEqualTo(metrics(whole));
    String weights = loraRank > 0 ? "adapter_model.safetensors" : "model.safetensors";
    for (String saved : List.of(loraRank > 0 ? "adapter" : "model", "best")) {
      assertThat(killed.resolve(saved).resolve(weights))
          .hasSameBinaryContentAs(whole.resolve(saved).resolve(weights));
    }
    assertThat(leftovers(killed)).isZero();
  }

  private static List<Object> train(
      Path output, String loss, String reference, int every, int loraRank) {
    List<Object> adapter =
        loraRank > 0
            ? List.of("--lora-rank", loraRank, "--group", "*lora_B*:lr-factor=2")
            : List.of("--group", "*norm*:lr-factor=0.5:weight-decay=0");
    List<Object> command =
        new ArrayList<>(
            List.of(
                "train",
                "--policy",
                Cli.NEOX,
                "--data",
                Cli.ROWS,
                "--output",
                output,
                "--loss",
                loss,
                "--reference",
                reference,
                "--batch-size",
                4,
                "--max-steps",
                STEPS,
                "--threads",
                1,
                "--learning-rate",
                "1e-4",
                "--probe-every",
                10,
                "--checkpoint-every",
                every,
                "--eval-data",
                Cli.ROWS,
                "--eval-every",
                8,
                "--keep-best",
                "--early-stop",
                STEPS,
                "--on-nan",
                "skip"));
    command.addAll(adapter);
    return command;
  }

  /**
   * Kills a process, at any time or a little after it has done a step; false if it ended before.
   */
  private boolean wasKilled(Process process, Path run, boolean anyTime) throws Exception {
    long before = size(run.resolve("metrics.jsonl"));
    if (anyTime) {
      process.waitFor(random.nextInt(3000), TimeUnit.MILLISECONDS);
    } else {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
      while (process.isAlive() && size(run.resolve("metrics.jsonl")) == before) {
        assertThat(System.nanoTime()).as("a step within the deadline").isLessThan(deadline);
        process.waitFor(2, TimeUnit.MILLISECONDS);
      }
      process.waitFor(random.nextInt(250), TimeUnit.MILLISECONDS);
    }
    boolean alive = process.isAlive();
    process.destroyForcibly().waitFor(); // SIGKILL
    assertThat(alive || process.exitValue() == 0).as("no failure").isTrue();
    return alive;
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private static int leftovers(Path run) throws IOException {
    Path checkpoints = run.resolve("checkpoints");
    if (!Files.exists(checkpoints)) {
      return 0;
    }
    try (Stream<Path> entries = Files.list(checkpoints)) {
      return (int) entries.filter(it -> it.getFileName().toString().startsWith(".")).count();
    }
  }

  private static List<ObjectNode> metrics(Path run) throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode values = (ObjectNode) new ObjectMapper().readTree(line);
      values.remove("pairs_per_second"); // a rate
      lines.add(values);
    }
    return lines;
  }
}
