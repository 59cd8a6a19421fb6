package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.tralign.TR;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.policy.Policy;
import io.github.tralign.train.log.MetricsFile;
import io.github.tralign.train.log.TensorBoardEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A disk that takes so many bytes and no more, for each number of them. */
class FullDiskTest {

  private static final int DISK = 1 << 20;
  private static final int BLOCK = 256;

  /** Figures and weights of a run. */
  private record Trace(List<ObjectNode> metrics, double[] weights) {}

  private static FileSystem disk() {
    return Jimfs.newFileSystem(
        Configuration.unix().toBuilder().setBlockSize(BLOCK).setMaxSize(DISK).build());
  }

  @Test
  void wherever_a_run_meets_the_end_of_the_disk_it_resumes_once_there_is_room() throws IOException {
    Trace whole;
    long needed;
    try (FileSystem disk = disk()) {
      whole = train(disk.getPath("/run"));
      needed = DISK - disk.getFileStores().iterator().next().getUsableSpace();
    }
    int failures = 0;
    for (int room = 0; room < needed; room += BLOCK) {
      try (FileSystem disk = disk()) {
        Path ballast = Files.write(disk.getPath("/ballast"), new byte[DISK - room]);
        Path run = disk.getPath("/run");
        try {
          train(run);
        } catch (UncheckedIOException e) {
          assertThat(e).hasMessageContainingAll("/run/", "cannot be written", "out of disk space");
          failures++;
        }
        assertNothingInPart(run);
        Files.delete(ballast);
        Trace after = train(run);
        assertThat(after.metrics()).as("with room for %d bytes", room).isEqualTo(whole.metrics());
        assertThat(after.weights()).containsExactly(whole.weights());
      }
    }
    assertThat(failures).isGreaterThan(50);
  }

  /** Begins, or goes on from the newest checkpoint. */
  private static Trace train(Path run) throws IOException {
    Policy policy = Toy.policy();
    CheckpointStore store = CheckpointStore.in(run.resolve("checkpoints"));
    Files.createDirectories(run);
    try (MetricsFile metrics = new MetricsFile(run.resolve("metrics.jsonl"));
        TensorBoardEvents events = new TensorBoardEvents(run.resolve("tensorboard"))) {
      TrainerBuilder trainer =
          Toy.trainer(policy, 8)
              .loss(TR.dpo(0.3))
              .reference(TR.soft(0.6))
              .maxSteps(12)
              .probeEvery(5)
              .checkpoints(store)
              .checkpointEvery(2)
              .keepLast(2)
              .listener(metrics)
              .listener(events);
      store.newest(FullDiskTest::noDamage).ifPresent(trainer::resume);
      trainer.build().train();
    }
    return new Trace(lines(run.resolve("metrics.jsonl")), Toy.weights(policy));
  }

  private static void noDamage(String complaint) {
    throw new AssertionError(complaint);
  }

  private static void assertNothingInPart(Path run) throws IOException {
    try (Stream<Path> entries = Files.walk(run)) {
      assertThat(entries.map(it -> it.getFileName().toString()))
          .noneMatch(it -> it.startsWith("."));
    }
    Path metrics = run.resolve("metrics.jsonl");
    assertThat(!Files.exists(metrics) || Files.size(metrics) == 0 || endsWithALine(metrics))
        .isTrue();
    CheckpointStore store = CheckpointStore.in(run.resolve("checkpoints"));
    long newest = store.newest(FullDiskTest::noDamage).map(Checkpoint::step).orElse(0L);
    assertThat(store.steps()).allMatch(step -> step <= newest);
  }

  private static boolean endsWithALine(Path file) throws IOException {
    return Files.readString(file).endsWith("}\n");
  }

  private static List<ObjectNode> lines(Path file) throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      ObjectNode values = (ObjectNode) new ObjectMapper().readTree(line);
      values.remove("pairs_per_second");
      lines.add(values);
    }
    return lines;
  }
}
