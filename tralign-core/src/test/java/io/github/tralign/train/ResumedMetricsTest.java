package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.TR;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.train.log.MetricsFile;
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

  /** The history is a part of the checkpoint, so that its loss is noticed. */
  @Test
  void a_history_that_was_deleted_or_changed_is_refused_unless_asked_for() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsFile metrics = new MetricsFile(file)) {
      ShortRun.toy(Toy.policy(), TR.fixed())
          .checkpoints(store())
          .checkpointEvery(5)
          .listener(metrics)
          .build()
          .train();
    }
    String whole = Files.readString(file);
    Checkpoint newest = store().newest(complaint -> {}).orElseThrow();
    Files.writeString(file, whole.replaceFirst("\"loss\":0", "\"loss\":1"));
    refused(file, newest, "metrics.jsonl: was changed; ");
    Files.writeString(file, whole.substring(0, whole.length() / 2));
    refused(file, newest, "metrics.jsonl: has only ");
    Files.delete(file);
    refused(file, newest, "metrics.jsonl: is missing; ");
    assertThat(file).doesNotExist();
    for (int time = 0; time < 2; time++) { // the second time there is a history from step 11 on
      try (MetricsFile metrics = new MetricsFile(file)) {
        ShortRun.toy(Toy.policy(), TR.fixed())
            .resume(newest)
            .resumeAnyway(true)
            .listener(metrics)
            .build()
            .train();
      }
      assertThat(file).content().startsWith("{\"step\":11,").hasLineCount(2);
    }
  }

  private static void refused(Path file, Checkpoint newest, String why) {
    try (MetricsFile metrics = new MetricsFile(file)) {
      ShortRun.refused(
          ShortRun.toy(Toy.policy(), TR.fixed()).resume(newest).listener(metrics), why);
    }
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
