package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.TR;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code metrics.jsonl} of a run that is taken up. */
class ResumedMetricsTest {

  @TempDir Path folder;

  private CheckpointStore store() {
    return CheckpointStore.in(folder.resolve("checkpoints"));
  }

  @Test
  void metrics_are_cut_back_to_the_checkpoint() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsFile metrics = new MetricsFile(file)) {
      ShortRun.toy(Toy.policy(), TR.soft(0.6))
          .checkpoints(store())
          .checkpointEvery(5)
          .listener(metrics)
          .build()
          .train();
    }
    List<String> whole = ShortRun.lines(file);
    Files.writeString(file, Files.readString(file) + "{\"step\":13,\"lo"); // the line at the kill
    try (MetricsFile metrics = new MetricsFile(file)) {
      ShortRun.toy(Toy.policy(), TR.soft(0.6))
          .resume(store().newest(complaint -> {}).orElseThrow())
          .listener(metrics)
          .build()
          .train();
    }
    assertThat(ShortRun.lines(file)).hasSize(ShortRun.STEPS).isEqualTo(whole);
  }

  @Test
  void metrics_that_are_not_the_run_s_are_not_written_on() throws IOException {
    Checkpoint half = ShortRun.half(store(), TR.fixed());
    Path file = folder.resolve("metrics.jsonl");
    for (String content : List.of("", "{\"step\":1}\n{\"step\":3}\n", "{\"step\":1}\nnot\n")) {
      Files.writeString(file, content);
      try (MetricsFile metrics = new MetricsFile(file)) {
        ShortRun.refused(
            ShortRun.toy(Toy.policy(), TR.fixed()).resume(half).listener(metrics), "metrics.jsonl");
      }
      assertThat(file).hasContent(content);
    }
    Files.delete(file);
    try (MetricsFile metrics = new MetricsFile(file)) {
      ShortRun.toy(Toy.policy(), TR.fixed()).resume(half).listener(metrics).build().train();
    }
    assertThat(ShortRun.lines(file)).hasSize(6);
  }
}
