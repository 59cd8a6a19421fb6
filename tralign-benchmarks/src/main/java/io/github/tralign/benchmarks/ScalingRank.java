package io.github.tralign.benchmarks;

import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.Adapter;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.DjlPolicyBuilder;
import io.github.tralign.djl.distributed.GlooProcessGroup;
import io.github.tralign.djl.distributed.JoinSettings;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One process of {@link ScalingBenchmark}: some steps with one thread; rank 0 prints a line. */
final class ScalingRank implements TrainingListener {

  private static final int PAIRS = 32;
  private static final int SKIPPED = 1; // the first step allocates

  private final TimedGroup group;
  private final double[] seconds;
  private long last;

  private ScalingRank(TimedGroup group, int steps) {
    this.group = group;
    seconds = new double[steps];
  }

  @Override
  public void onStep(StepMetrics metrics) {
    long now = System.nanoTime();
    int index = (int) metrics.step() - 1 - SKIPPED;
    if (index >= 0) {
      seconds[index] = (now - last) / 1e9;
    } else {
      group.reset();
    }
    last = now;
  }

  /** Arguments: model, tokenizer, data, LoRA rank or 0, shard, steps, port, rank, processes. */
  public static void main(String[] args) throws IOException {
    int lora = Integer.parseInt(args[3]);
    int steps = Integer.parseInt(args[5]);
    int rank = Integer.parseInt(args[7]);
    int size = Integer.parseInt(args[8]);
    try (TimedGroup group =
        new TimedGroup(
            GlooProcessGroup.join(
                JoinSettings.of("127.0.0.1", Integer.parseInt(args[6]), rank, size)))) {
      DjlPolicyBuilder builder =
          DjlPolicy.from(Path.of(args[0]))
              .threads(1)
              .processGroup(group)
              .shardMoments(Boolean.parseBoolean(args[4]));
      if (lora > 0) {
        builder.adapter(Adapter.lora(lora));
      }
      try (DjlPolicy policy = builder.load()) {
        List<Example> rows = rows(args, steps + SKIPPED);
        ScalingRank measured = new ScalingRank(group, steps);
        Trainer.builder()
            .policy(policy)
            .data(rows)
            .loss(TR.dpo(0.05))
            .reference(TR.soft(0.6))
            .learningRate(1e-6)
            .batchSize(PAIRS)
            .microBatchTokens(4096 * size)
            .maxSteps(steps + SKIPPED)
            .shuffle(false)
            .probeEvery(0)
            .listener(measured)
            .build()
            .train();
        measured.print(rows.subList(SKIPPED * PAIRS, rows.size()));
      }
    }
  }

  private static List<Example> rows(String[] args, int steps) {
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(Path.of(args[1]))) {
      return PreferenceData.read(tokenizer)
          .maxLength(512)
          .limit(steps * PAIRS)
          .file(Path.of(args[2]))
          .examples();
    }
  }

  private void print(List<Example> rows) throws IOException {
    double[] memory = group.allGather(new double[] {peakMegabytes()}, ones(group.size()));
    if (group.rank() == 0) {
      long tokens =
          rows.stream().mapToLong(it -> it.prompt().length() + it.completionTokens()).sum();
      double time = Arrays.stream(seconds).sum();
      System.out.printf(
          Locale.ROOT,
          "%d processes: %.0f tokens/s, %.2f s a step (%s); %s; peak MiB %s%n",
          group.size(),
          tokens / time,
          time / seconds.length,
          Arrays.toString(seconds),
          group.perStep(seconds.length),
          Arrays.toString(memory));
    }
  }

  private static int[] ones(int size) {
    int[] ones = new int[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static double peakMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(it -> it.startsWith("VmHWM"))
        .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")) / 1024)
        .sum();
  }
}
