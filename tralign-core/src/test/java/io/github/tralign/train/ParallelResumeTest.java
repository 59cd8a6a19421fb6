package io.github.tralign.train;

import static io.github.tralign.train.ParallelRunTest.assertAllRejected;
import static io.github.tralign.train.ParallelRunTest.failAt;
import static io.github.tralign.train.ParallelRunTest.policy;
import static io.github.tralign.train.ParallelRunTest.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.InvalidInputException;
import io.github.tralign.TR;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.distributed.RankThreads;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.tabular.TabularPolicy;
import io.github.tralign.testkit.RelativeError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run of several processes that goes on from a checkpoint. */
class ParallelResumeTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"soft", "hard", "hard, streamed"})
  void a_run_that_was_cut_off_is_resumed_bit_for_bit(String rule) {
    CheckpointStore store = CheckpointStore.in(folder);
    List<double[]> whole = RankThreads.run(2, group -> resumed(group, rule, store, 99));
    store.keepOnly(Set.of());
    for (int cut = 0; cut < 3; cut++) {
      int failing = cut % 2;
      int step = 3 + 4 * cut;
      assertThat(
              RankThreads.outcomes(
                  2, group -> resumed(group, rule, store, group.rank() == failing ? step : 99)))
          .allMatch(CompletableFuture::isCompletedExceptionally);
    }
    assertThat(store.steps()).contains(10L);
    List<double[]> ranks = RankThreads.run(2, group -> resumed(group, rule, store, 99));
    assertThat(ranks).allSatisfy(it -> assertThat(it).containsExactly(whole.get(0)));
  }

  /** The weights at the end of a run that continues from the newest checkpoint, if there is one. */
  private static double[] resumed(
      ProcessGroup group, String rule, CheckpointStore store, long failingStep) {
    ReferencePolicy moves = rule.equals("soft") ? TR.soft(0.6) : TR.hard(4);
    TabularPolicy policy = policy(group);
    TrainerBuilder trainer =
        settings(policy, new ParallelRunTest.Hooked(moves, failAt(failingStep)))
            .evaluation(Toy.pairs(4))
            .evaluationEvery(3)
            .keepBest(true)
            .checkpoints(store)
            .checkpointEvery(2);
    if (rule.endsWith("streamed")) {
      trainer.data(PreferenceStream.of(Toy.pairs(8))).shuffleWindow(3);
    }
    store.newest(complaint -> {}).ifPresent(trainer::resume);
    trainer.build().train();
    return Toy.weights(policy);
  }

  @Test
  void a_rank_that_does_not_see_the_checkpoint_is_named() {
    CheckpointStore store = CheckpointStore.in(folder);
    RankThreads.outcomes(2, group -> resumed(group, "soft", store, 7));
    assertAllRejected(
        RankThreads.outcomes(
            2,
            group ->
                resumed(
                    group,
                    "soft",
                    group.rank() == 0 ? store : CheckpointStore.in(folder.resolve("other")),
                    99)),
        InvalidInputException.class,
        "resumed after step: none on rank 1, 6 on rank 0");
  }

  @Test
  void another_number_of_processes_resumes_a_run_if_asked_to_and_reports_it() {
    CheckpointStore store = CheckpointStore.in(folder);
    List<double[]> alone = RankThreads.run(1, group -> resumed(group, "soft", store, 99));
    store.keepOnly(Set.of());
    assertThat(RankThreads.outcomes(2, group -> resumed(group, "soft", store, 7)))
        .allMatch(CompletableFuture::isCompletedExceptionally);
    for (int size : new int[] {1, 3}) {
      assertAllRejected(
          RankThreads.outcomes(size, group -> resumed(group, "soft", store, 99)),
          InvalidInputException.class,
          "processes was 2 and is " + size);
    }
    List<String> changed = new ArrayList<>();
    List<double[]> ranks =
        RankThreads.run(
            3,
            group -> {
              TabularPolicy policy = policy(group);
              settings(policy, new ParallelRunTest.Hooked(TR.soft(0.6), failAt(99)))
                  .evaluation(Toy.pairs(4))
                  .evaluationEvery(3)
                  .checkpoints(store)
                  .resume(store.newest(complaint -> {}).orElseThrow())
                  .resumeAnyway(true)
                  .listener(
                      new TrainingListener() {
                        @Override
                        public void onChangedSettings(List<String> differences) {
                          changed.addAll(differences);
                        }
                      })
                  .build()
                  .train();
              return Toy.weights(policy);
            });
    assertThat(changed).containsExactly("processes was 2 and is 3");
    assertThat(ranks)
        .allSatisfy(
            it -> {
              assertThat(it).containsExactly(ranks.get(0));
              assertThat(RelativeError.of(it, alone.get(0))).isLessThan(1e-9);
            });
  }
}
