package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.cli.SoakRun.Held;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trains for an hour, or the seconds that {@code tralign.soak.seconds} gives, and looks whether
 * anything grows: medians of the last quarter against those of the first, after a warm-up. Part of
 * the profile {@code soak} alone; the build has {@code MemoryTest} for it.
 *
 * <p>Two minutes is the least that tells anything: the latest 1,000 steps' figures are kept, so the
 * heap grows until there are as many.
 */
class Soak {

  private static final int SECONDS = Integer.getInteger("tralign.soak.seconds", 3600);

  private static final int WARM = 40; // samples
  private static final int QUARTER = 50;
  private static final int SAMPLES = WARM + 4 * QUARTER;

  /**
   * KiB that Java's compiler and the holes of the C library's heap still take, ever more slowly.
   */
  private static final long RESIDENT_SLACK = 32 << 10;

  private static final long HEAP_SLACK = 1 << 10; // KiB
  private static final long ARRAYS_SLACK = 16; // samples fall on any moment of a step
  private static final long HANDLES_SLACK = 1;

  /** As {@code ./tralign} sets it. */
  private static final Map<String, String> ALLOCATOR =
      Map.of(
          "MALLOC_ARENA_MAX", "1",
          "THP_MEM_ALLOC_ENABLE", "1",
          "MALLOC_MMAP_THRESHOLD_", "4294967296",
          "MALLOC_TRIM_THRESHOLD_", "17179869184");

  @TempDir private Path folder;

  @Test
  void a_long_run_holds_no_more_at_its_end_than_at_its_beginning() throws Exception {
    List<Held> held = new ArrayList<>();
    Process process = start();
    try (BufferedReader lines = process.inputReader()) {
      for (int i = 0; i < SAMPLES; i++) {
        String line = lines.readLine();
        assertThat(line).as(Files.readString(folder.resolve("stderr"))).isNotNull();
        held.add(Held.parse(line));
      }
      process.destroy(); // SIGTERM: it ends with a checkpoint
      assertThat(process.waitFor()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
    print(held);
    assertFlat(held, "resident KiB", Held::resident, RESIDENT_SLACK);
    assertFlat(held, "heap KiB", Held::heap, HEAP_SLACK);
    assertFlat(held, "arrays", Held::arrays, ARRAYS_SLACK);
    assertFlat(held, "handles", Held::handles, HANDLES_SLACK);
    assertThat(folder.resolve("stderr")).content().contains("stopped after step");
    assertThat(folder.resolve("run/report.html")).content().contains("can be resumed");
  }

  /** The heap is touched before the run begins, so that what grows is native memory. */
  private Process start() throws IOException {
    Path heldOut = folder.resolve("held-out.jsonl");
    Files.write(heldOut, Files.readAllLines(Cli.ROWS).subList(30, 40));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Xlog:disable", "-Xlog:all=warning:stderr"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), SoakRun.class.getName()));
    command.add(Integer.toString(SECONDS * 1000 / SAMPLES));
    command.addAll(List.of("train", "--policy", Cli.NEOX.toString()));
    command.addAll(List.of("--data", Cli.ROWS.toString(), "--eval-data", heldOut.toString()));
    command.addAll(List.of("--output", folder.resolve("run").toString(), "--tensorboard"));
    command.addAll(List.of("--reference", "soft:0.6", "--learning-rate", "1e-7"));
    command.addAll(List.of("--batch-size", "4", "--threads", "1", "--max-steps", "100000000"));
    command.addAll(List.of("--eval-every", "50", "--probe-every", "20"));
    command.addAll(List.of("--checkpoint-every", "100", "--keep-last", "2", "--keep-best"));
    command.addAll(List.of("--early-stop", "1000000", "--on-nan", "skip"));
    command.addAll(List.of("--group", "*norm*:lr-factor=0.5:weight-decay=0"));
    ProcessBuilder process =
        new ProcessBuilder(command).redirectError(folder.resolve("stderr").toFile());
    process.environment().putAll(ALLOCATOR);
    return process.start();
  }

  private static void assertFlat(
      List<Held> held, String what, ToLongFunction<Held> figure, long slack) {
    assertThat(median(held, 3, figure))
        .as("%s at the end", what)
        .isLessThanOrEqualTo(median(held, 0, figure) + slack);
  }

  private void print(List<Held> held) throws IOException {
    long steps;
    try (Stream<String> lines = Files.lines(folder.resolve("run/metrics.jsonl"))) {
      steps = lines.count();
    }
    System.out.printf(Locale.ROOT, "soak: %d s, %,d steps%n", SECONDS, steps);
    System.out.println("| quarter | resident KiB | heap KiB | arrays | handles |");
    for (int quarter = 0; quarter < 4; quarter++) {
      System.out.printf(
          Locale.ROOT,
          "| %d | %,d | %,d | %,d | %,d |%n",
          quarter + 1,
          median(held, quarter, Held::resident),
          median(held, quarter, Held::heap),
          median(held, quarter, Held::arrays),
          median(held, quarter, Held::handles));
    }
  }

  private static long median(List<Held> held, int quarter, ToLongFunction<Held> figure) {
    int from = WARM + quarter * QUARTER;
    long[] sorted =
        held.subList(from, from + QUARTER).stream().mapToLong(figure).sorted().toArray();
    return sorted[QUARTER / 2];
  }
}
