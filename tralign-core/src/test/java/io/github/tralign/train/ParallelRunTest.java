package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.TR;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.distributed.ProcessGroupException;
import io.github.tralign.distributed.RankThreads;
import io.github.tralign.generate.Sampling;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.tabular.TabularPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run of several processes: what they agree on, who writes, and how it ends if one fails. */
class ParallelRunTest {

  private static final long STEPS = 12;

  @TempDir Path folder;

  static TabularPolicy policy(ProcessGroup group) {
    return TabularPolicy.random(Toy.VOCABULARY, 1, group);
  }

  static TrainerBuilder settings(Policy policy, ReferencePolicy rule) {
    return Toy.trainer(policy, 8).reference(rule).maxSteps(STEPS);
  }

  /** The outcome on each rank of a run whose settings depend on the rank. */
  private static List<CompletableFuture<double[]>> train(
      int size, BiFunction<ProcessGroup, TrainerBuilder, TrainerBuilder> change) {
    return RankThreads.outcomes(
        size,
        group -> {
          TabularPolicy policy = policy(group);
          change.apply(group, settings(policy, TR.soft(0.6))).build().train();
          return Toy.weights(policy);
        });
  }

  static void assertAllRejected(
      List<CompletableFuture<double[]>> outcomes, Class<?> type, String... because) {
    assertThat(outcomes)
        .allSatisfy(
            it ->
                assertThatThrownBy(it::join)
                    .cause()
                    .isInstanceOf(type)
                    .hasMessageContainingAll(because));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void a_stop_on_one_rank_stops_all_after_the_same_step(int stopped) {
    CheckpointStore store = CheckpointStore.in(folder);
    List<TrainingResult> results =
        RankThreads.run(
            3,
            group -> {
              AtomicReference<Trainer> trainer = new AtomicReference<>();
              Consumer<StepMetrics> stopping =
                  metrics -> {
                    if (group.rank() == stopped && metrics.step() == 5) {
                      trainer.get().stop();
                    }
                  };
              trainer.set(
                  settings(policy(group), new Hooked(TR.soft(0.5), stopping))
                      .checkpoints(store)
                      .build());
              return trainer.get().train();
            });
    assertThat(results).noneMatch(TrainingResult::completed);
    assertThat(results).map(it -> it.last().step()).containsOnly(5L);
    assertThat(store.steps()).containsExactly(5L);
  }

  @Test
  void a_stop_while_scoring_ahead_stops_all() {
    List<TrainingResult> results =
        RankThreads.run(
            2,
            group -> {
              AtomicReference<Trainer> trainer = new AtomicReference<>();
              trainer.set(
                  settings(policy(group), TR.fixed())
                      .listener(
                          new TrainingListener() {
                            @Override
                            public void onReferenceScoring(long done, long total) {
                              trainer.get().stop();
                            }
                          })
                      .build());
              return trainer.get().train();
            });
    assertThat(results).noneMatch(TrainingResult::completed);
    assertThat(results).map(it -> it.last().step()).containsOnly(0L);
  }

  @Test
  void a_rank_with_another_setting_is_named_on_all_ranks() {
    assertAllRejected(
        train(3, (group, it) -> it.seed(group.rank() == 1 ? 7 : 42)),
        InvalidInputException.class,
        "seed: 7 on rank 1, 42 on rank 0");
  }

  @Test
  void so_is_the_first_rank_if_it_is_the_one_that_differs() {
    assertAllRejected(
        train(
            3,
            (group, it) -> it.checkpointEvery(group.rank() == 0 ? 5 : 3).checkpoints(store(group))),
        InvalidInputException.class,
        "steps between checkpoints: 5 on rank 0, 3 on rank 1");
  }

  private CheckpointStore store(ProcessGroup group) {
    return CheckpointStore.in(folder.resolve("rank-" + group.rank()));
  }

  @Test
  void a_rank_with_other_data_is_named() {
    assertAllRejected(
        train(2, (group, it) -> it.data(Toy.pairs(8 - group.rank()))),
        InvalidInputException.class,
        "data: 7 rows",
        "on rank 1, 8 rows",
        "on rank 0");
  }

  @Test
  void a_rank_with_other_rows_in_a_stream_is_named_with_the_step() {
    assertAllRejected(
        train(
            3,
            (group, it) ->
                it.data(PreferenceStream.of(Toy.pairs(group.rank() == 2 ? 9 : 8)))
                    .batchSize(2)
                    .shuffle(false)
                    .probe(Toy.pairs(4))),
        InvalidInputException.class,
        "step 5 has other rows on rank 2 of 3 than on rank 0");
  }

  @Test
  void a_rank_with_other_weights_is_named() {
    List<CompletableFuture<double[]>> outcomes =
        RankThreads.outcomes(
            3,
            group -> {
              Policy policy =
                  TabularPolicy.random(Toy.VOCABULARY, group.rank() == 2 ? 5 : 1, group);
              settings(policy, TR.soft(0.6)).build().train();
              return Toy.weights(policy);
            });
    assertAllRejected(outcomes, InvalidInputException.class, "weights: ", "on rank 2, ");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void weights_that_drift_apart_end_the_run_with_rank_and_step(boolean reference)
      throws IOException {
    Path other = Files.createDirectory(folder.resolve("state"));
    TabularPolicy moved = TabularPolicy.random(Toy.VOCABULARY, 2);
    moved.copyToReference();
    moved.saveState(other);
    List<CompletableFuture<double[]>> outcomes =
        RankThreads.outcomes(
            3,
            group -> {
              TabularPolicy policy = policy(group);
              Consumer<StepMetrics> drift =
                  metrics -> {
                    if (group.rank() == 1 && metrics.step() == 5) {
                      if (reference) {
                        policy.mixReference(1e-7);
                      } else {
                        policy.loadState(other);
                      }
                    }
                  };
              settings(policy, new Hooked(TR.soft(0.5), drift))
                  .compareWeightsEvery(3)
                  .build()
                  .train();
              return Toy.weights(policy);
            });
    assertAllRejected(
        outcomes,
        TrainingException.class,
        "after step 6 the weights are others on rank 1 of 3 than on rank 0");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void an_exception_on_one_rank_ends_all_with_its_rank(int failing) {
    List<CompletableFuture<double[]>> outcomes =
        RankThreads.outcomes(
            3,
            group -> {
              TabularPolicy policy = policy(group);
              Consumer<StepMetrics> hook = failAt(group.rank() == failing ? 4 : 99);
              settings(policy, new Hooked(TR.soft(0.5), hook)).build().train();
              return Toy.weights(policy);
            });
    for (int rank = 0; rank < 3; rank++) {
      CompletableFuture<double[]> outcome = outcomes.get(rank);
      if (rank == failing) {
        assertThatThrownBy(outcome::join).cause().hasMessage("out of luck");
      } else {
        assertThatThrownBy(outcome::join)
            .cause()
            .isInstanceOf(ProcessGroupException.class)
            .hasMessageContaining("rank " + failing + " of 3");
      }
    }
  }

  @Test
  void what_fails_on_the_first_rank_after_the_last_step_ends_all() {
    List<CompletableFuture<double[]>> outcomes =
        train(
            2,
            (group, it) ->
                it.listener(
                    new TrainingListener() {
                      @Override
                      public void onEnd(TrainingResult result) {
                        throw new ArithmeticException("out of luck");
                      }
                    }));
    assertThatThrownBy(outcomes.get(0)::join).cause().hasMessage("out of luck");
    assertThatThrownBy(outcomes.get(1)::join).cause().hasMessageContaining("rank 0 of 2");
  }

  @Test
  void only_the_first_rank_notifies_listeners_and_writes_checkpoints() {
    List<String> notified = Collections.synchronizedList(new ArrayList<>());
    train(
            3,
            (group, it) ->
                it.checkpoints(store(group))
                    .checkpointEvery(5)
                    .keepLast(2)
                    .samples(
                        SampleSettings.of(List.of(ImmutableIntArray.of(1), ImmutableIntArray.of(2)))
                            .sampling(Sampling.ofModel().maxNewTokens(5))
                            .initial(() -> TabularPolicy.random(Toy.VOCABULARY, 1)))
                    .listener(
                        new TrainingListener() {
                          @Override
                          public void onSamples(StepSamples samples) {
                            double divergence = samples.divergence().orElseThrow().mean();
                            notified.add(samples.step() + " " + (divergence == 0));
                          }

                          @Override
                          public void onEnd(TrainingResult result) {
                            notified.add("end of " + group.rank());
                          }
                        }))
        .forEach(CompletableFuture::join);
    assertThat(notified).containsExactly("0 true", "12 false", "end of 0");
    assertThat(CheckpointStore.in(folder.resolve("rank-0")).steps()).containsExactly(5L, 10L);
    assertThat(folder)
        .isDirectoryNotContaining("glob:**rank-1")
        .isDirectoryNotContaining("glob:**rank-2");
  }

  @Test
  void scores_of_the_reference_are_cached_for_the_number_of_processes() {
    Function<Integer, List<List<Double>>> run =
        size ->
            RankThreads.run(
                size,
                group -> {
                  TabularPolicy policy = policy(group);
                  TrainingResult result =
                      settings(policy, TR.fixed())
                          .cache(CacheFolder.at(folder.resolve("cache"), it -> {}))
                          .build()
                          .train();
                  return Doubles.asList(Doubles.concat(Toy.losses(result), Toy.weights(policy)));
                });
    List<List<Double>> first = run.apply(2);
    assertThat(folder.resolve("cache")).isDirectoryContaining("glob:**.cache");
    assertThat(run.apply(2)).isEqualTo(first);
    assertThat(folder.resolve("cache").toFile().list()).hasSize(1);
    assertThat(run.apply(3)).hasSize(3);
    assertThat(folder.resolve("cache").toFile().list()).hasSize(2);
  }

  static Consumer<StepMetrics> failAt(long step) {
    return metrics -> {
      if (metrics.step() == step) {
        throw new ArithmeticException("out of luck");
      }
    };
  }

  /**
   * A rule with something that happens on this rank after each step; its text is the same on all
   * ranks.
   */
  record Hooked(ReferencePolicy rule, Consumer<StepMetrics> hook) implements ReferencePolicy {
    @Override
    public double weightAfter(StepMetrics metrics) {
      hook.accept(metrics);
      return rule.weightAfter(metrics);
    }

    @Override
    public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
      return rule.nextCopyAfter(step, stepsPerEpoch);
    }

    @Override
    public String toString() {
      return "hooked " + rule;
    }
  }
}
