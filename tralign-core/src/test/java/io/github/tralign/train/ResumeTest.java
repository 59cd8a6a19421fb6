package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tralign.TR;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.policy.Policy;
import io.github.tralign.tabular.TabularPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that were stopped, or whose disk failed, go on from the newest checkpoint that is whole. */
class ResumeTest {

  @TempDir Path folder;

  private CheckpointStore store() {
    return CheckpointStore.in(folder.resolve("checkpoints"));
  }

  @Test
  void a_run_that_is_stopped_leaves_a_checkpoint_of_its_last_step() {
    Checkpoint half = ShortRun.half(store(), TR.hard(4));
    assertThat(half.step()).isEqualTo(6);
    Policy policy = Toy.policy();
    TrainingResult result = ShortRun.toy(policy, TR.hard(4)).resume(half).build().train();
    assertThat(result.completed()).isTrue();
    assertThat(result.metrics()).hasSize(6);
    assertThat(result.first().step()).isEqualTo(1);
    assertThat(result.last().step()).isEqualTo(ShortRun.STEPS);
    assertThat(result.examples()).isEqualTo(32);
    assertThat(Toy.weights(policy))
        .containsExactly(ShortRun.trace(ShortRun.toy(Toy.policy(), TR.hard(4))).weights());
  }

  @Test
  void a_run_that_is_stopped_before_it_begins_leaves_nothing() {
    Trainer trainer = ShortRun.toy(Toy.policy(), TR.fixed()).checkpoints(store()).build();
    trainer.stop();
    assertThat(trainer.train().completed()).isFalse();
    assertThat(store().steps()).isEmpty();
  }

  /** The window is not begun, so the run that goes on begins it. */
  @Test
  void scoring_ahead_can_be_stopped() {
    AtomicReference<Trainer> trainer = new AtomicReference<>();
    trainer.set(
        ShortRun.toy(Toy.policy(), TR.hard(4))
            .checkpoints(store())
            .listener(
                new TrainingListener() {
                  private int windows;

                  @Override
                  public void onReferenceScoring(long done, long total) {
                    if (done == 0 && ++windows == 2) {
                      trainer.get().stop();
                    }
                  }
                })
            .build());
    trainer.get().train();
    Checkpoint checkpoint = store().newest(complaint -> {}).orElseThrow();
    assertThat(checkpoint.step()).isEqualTo(4);
    Policy policy = Toy.policy();
    ShortRun.toy(policy, TR.hard(4)).resume(checkpoint).build().train();
    assertThat(Toy.weights(policy))
        .containsExactly(ShortRun.trace(ShortRun.toy(Toy.policy(), TR.hard(4))).weights());
  }

  @Test
  void a_finished_run_has_nothing_left_to_do() {
    ShortRun.toy(Toy.policy(), TR.soft(0.6))
        .checkpoints(store())
        .checkpointEvery(ShortRun.STEPS)
        .build()
        .train();
    Checkpoint end = store().newest(complaint -> {}).orElseThrow();
    Policy policy = Toy.policy();
    TrainingResult result = ShortRun.toy(policy, TR.soft(0.6)).resume(end).build().train();
    assertThat(result.completed()).isTrue();
    assertThat(result.metrics()).isEmpty();
    assertThat(result.last().step()).isEqualTo(ShortRun.STEPS);
    assertThat(Toy.weights(policy))
        .containsExactly(ShortRun.trace(ShortRun.toy(Toy.policy(), TR.soft(0.6))).weights());
  }

  @Test
  void a_damaged_checkpoint_is_passed_over_and_replaced() throws IOException {
    CheckpointStore store = store();
    ShortRun.toy(Toy.policy(), TR.hard(5))
        .checkpoints(store)
        .checkpointEvery(3)
        .keepLast(2)
        .build()
        .train();
    assertThat(store.steps()).containsExactly(9L, 12L);
    Files.writeString(store.folder().resolve("step-000012/policy/vector.f64"), "not this");
    List<String> complaints = new ArrayList<>();
    Checkpoint before = store.newest(complaints::add).orElseThrow();
    assertThat(before.step()).isEqualTo(9);
    assertThat(complaints).hasSize(1);
    assertThat(complaints.get(0)).contains("step-000012", "vector.f64", "8 bytes");
    ShortRun.toy(Toy.policy(), TR.hard(5))
        .checkpoints(store)
        .checkpointEvery(3)
        .keepLast(1)
        .resume(before)
        .build()
        .train();
    assertThat(store.steps()).containsExactly(12L);
    assertThat(store.newest(complaint -> {}).orElseThrow().step()).isEqualTo(12);
  }

  @Test
  void a_disk_that_is_full_ends_the_run_and_leaves_the_earlier_checkpoints() {
    CheckpointStore store = store();
    AtomicInteger saves = new AtomicInteger();
    TabularPolicy toy = Toy.policy();
    Policy full =
        new LimitedPolicy(toy, 100) {
          @Override
          public void saveState(Path target) {
            toy.saveState(target);
            if (saves.incrementAndGet() == 2) {
              throw new UncheckedIOException(new IOException("No space left on device"));
            }
          }
        };
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(
            () ->
                ShortRun.toy(full, TR.soft(0.6))
                    .checkpoints(store)
                    .checkpointEvery(3)
                    .build()
                    .train())
        .withMessageContainingAll("step-000006", "No space left on device", "earlier checkpoints");
    assertThat(store.folder()).isDirectoryNotContaining(path -> path.toString().contains("new"));
    assertThat(store.steps()).containsExactly(3L);
    Policy policy = new LimitedPolicy(Toy.policy(), 100);
    ShortRun.toy(policy, TR.soft(0.6))
        .resume(store.newest(complaint -> {}).orElseThrow())
        .build()
        .train();
    assertThat(Toy.weights(policy))
        .containsExactly(ShortRun.trace(ShortRun.toy(Toy.policy(), TR.soft(0.6))).weights());
  }
}
