package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.TR;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a run on a stream asks of the rows when it is taken up. That it goes on bit for bit is told
 * by {@link CutOffRunTest}.
 */
class ResumedStreamTest {

  private static final int ROWS = 40;

  @TempDir Path folder;

  private CheckpointStore store() {
    return CheckpointStore.in(folder.resolve("checkpoints"));
  }

  @Test
  void rows_that_were_read_must_be_the_same() {
    for (ReferencePolicy rule : List.of(TR.soft(0.6), TR.hard(4), TR.fixed())) {
      Checkpoint half = half(rule);
      for (int row : new int[] {0, 17, 21}) { // 6 steps of 3, and 5 in the window
        ShortRun.refused(run(rule, changed(row)).resume(half), "its data differs", "examples");
      }
      ShortRun.refused(run(rule, Toy.pairs(20)).resume(half), "its data differs");
      store().keepOnly(Set.of());
    }
  }

  /** An invalid row ends a run; once it is put right, the run goes on. */
  @Test
  void rows_that_were_not_read_may_have_changed() {
    Checkpoint half = half(TR.soft(0.6));
    Policy policy = Toy.policy();
    run(TR.soft(0.6), changed(39)).policy(policy).resume(half).build().train();
    Policy whole = Toy.policy();
    run(TR.soft(0.6), changed(39)).policy(whole).build().train();
    assertThat(Toy.weights(policy)).containsExactly(Toy.weights(whole));
  }

  @Test
  void other_rows_are_let_through_where_they_are_wanted_and_can_be() {
    Checkpoint soft = half(TR.soft(0.6));
    assertThat(
            run(TR.soft(0.6), changed(0))
                .resume(soft)
                .resumeAnyway(true)
                .build()
                .train()
                .completed())
        .isTrue();
    store().keepOnly(Set.of());
    Checkpoint hard = half(TR.hard(4));
    ShortRun.refused(
        run(TR.hard(4), changed(0)).resume(hard).resumeAnyway(true), "its data differs");
  }

  @Test
  void the_window_to_shuffle_in_must_be_the_same() {
    Checkpoint half = half(TR.soft(0.6));
    ShortRun.refused(
        run(TR.soft(0.6), Toy.pairs(ROWS)).shuffleWindow(7).resume(half),
        "shuffle window was 6 and is 7");
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.soft(0.6)).resume(half), "data was a stream and is 8 rows");
  }

  @Test
  void what_is_passed_over_is_reported_and_can_be_stopped() {
    Checkpoint half = half(TR.hard(4));
    List<Long> passed = new ArrayList<>();
    Policy stopped = Toy.policy();
    CheckpointStore other = CheckpointStore.in(folder.resolve("other"));
    AtomicReference<Trainer> trainer = new AtomicReference<>();
    trainer.set(
        run(TR.hard(4), Toy.pairs(ROWS))
            .policy(stopped)
            .checkpoints(other)
            .resume(half)
            .listener(
                new TrainingListener() {
                  @Override
                  public void onReplay(long done, long total) {
                    assertThat(total).isEqualTo(6);
                    passed.add(done);
                    if (done == 4) {
                      trainer.get().stop();
                    }
                  }
                })
            .build());

    TrainingResult result = trainer.get().train();
    assertThat(passed).containsExactly(1L, 2L, 3L, 4L);
    assertThat(result.completed()).isFalse();
    assertThat(store().steps()).containsExactly(6L);
    assertThat(other.steps()).isEmpty(); // what it goes on from is still the former
    Policy before = Toy.policy();
    before.loadState(half.path().resolve(CheckpointWriting.POLICY));
    assertThat(Toy.weights(stopped)).containsExactly(Toy.weights(before));
    Policy policy = Toy.policy();
    run(TR.hard(4), Toy.pairs(ROWS)).policy(policy).resume(half).build().train();
    Policy whole = Toy.policy();
    run(TR.hard(4), Toy.pairs(ROWS)).policy(whole).build().train();
    assertThat(Toy.weights(policy)).containsExactly(Toy.weights(whole));
  }

  /** A run that was stopped after its 6th step of 12. */
  private Checkpoint half(ReferencePolicy rule) {
    AtomicReference<Trainer> trainer = new AtomicReference<>();
    trainer.set(
        run(rule, Toy.pairs(ROWS))
            .checkpoints(store())
            .listener(
                StreamTest.afterStep(
                    metrics -> {
                      if (metrics.step() == 6) {
                        trainer.get().stop();
                      }
                    }))
            .build());
    assertThat(trainer.get().train().completed()).isFalse();
    return store().newest(complaint -> {}).orElseThrow();
  }

  private static TrainerBuilder run(ReferencePolicy rule, List<Example> rows) {
    return ShortRun.toy(Toy.policy(), rule)
        .evaluation(List.of())
        .evaluationEvery(0)
        .data(PreferenceStream.of(rows))
        .probe(Toy.pairs(4))
        .shuffleWindow(6);
  }

  /** The toy's pairs, one of them another. */
  private static List<Example> changed(int row) {
    List<Example> rows = new ArrayList<>(Toy.pairs(ROWS));
    rows.set(row, Example.pair(new int[] {1}, new int[] {2}, new int[] {3}));
    return rows;
  }
}
