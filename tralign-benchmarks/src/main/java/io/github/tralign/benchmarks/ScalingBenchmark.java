package io.github.tralign.benchmarks;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.tralign.djl.distributed.MeetingPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures what several processes of one thread each gain over one, so that cores stand for
 * machines: steps of 32 pairs, DPO with a soft reference, random weights.
 *
 * <pre>{@code
 * java -cp target/benchmarks.jar io.github.tralign.benchmarks.ScalingBenchmark \
 *     PYTHIA_70M TOKENIZER_FOLDER PAIRS.jsonl LORA_RANK STEPS ROUNDS PROCESSES...
 * }</pre>
 *
 * <p>A rank of 0 trains all weights. Numbers of processes take turns in each round, with {@code
 * -Dshard=false} without sharded moments. Nothing else should run on the machine.
 */
public final class ScalingBenchmark {

  /** The settings of glibc's allocator in {@code ./tralign}. */
  private static final Map<String, String> ALLOCATOR =
      Map.of(
          "MALLOC_ARENA_MAX", "1",
          "THP_MEM_ALLOC_ENABLE", "1",
          "MALLOC_MMAP_THRESHOLD_", "4294967296",
          "MALLOC_TRIM_THRESHOLD_", "17179869184");

  private ScalingBenchmark() {}

  /** Runs the measurement; see the class. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("tralign-scaling");
    try {
      Path model = Shape.valueOf(args[0]).write(folder);
      for (int round = 0; round < Integer.parseInt(args[5]); round++) {
        for (int i = 6; i < args.length; i++) {
          run(model, args, Integer.parseInt(args[i]));
        }
      }
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static void run(Path model, String[] args, int size)
      throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    try (MeetingPoint point = MeetingPoint.serve(0)) {
      for (int rank = 0; rank < size; rank++) {
        ProcessBuilder process =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ScalingRank.class.getName(),
                    model.toString(),
                    args[1],
                    args[2],
                    args[3],
                    System.getProperty("shard", "true"),
                    args[4],
                    Integer.toString(point.port()),
                    Integer.toString(rank),
                    Integer.toString(size))
                .inheritIO();
        process.environment().putAll(ALLOCATOR);
        processes.add(process.start());
      }
      for (Process process : processes) {
        if (process.waitFor() != 0) {
          throw new IllegalStateException("a process has failed; its message is above");
        }
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }
}
