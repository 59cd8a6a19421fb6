package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.Doubles;
import io.github.tralign.TR;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.distributed.RankThreads;
import io.github.tralign.djl.distributed.GlooProcessGroup;
import io.github.tralign.djl.distributed.JoinSettings;
import io.github.tralign.djl.distributed.MeetingPoint;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.testkit.RelativeError;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes, here threads, of which each has AdamW's moments of some parameters. */
class ShardedMomentsTest {

  private static final long STEPS = 4;
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final OptimizerStep STEP = new OptimizerStep(1e-2, 1, AdamW.ofDefaults());

  @TempDir Path folder;

  /** What a rank has at the end of a run: norms of the gradients, weights, moments. */
  private record Run(List<Double> norms, List<Double> weights, long moments) {}

  @ParameterizedTest
  @CsvSource({
    "neox, soft, 2",
    "neox, hard, 3",
    "llama, hard, 2",
    "adapter, soft, 3",
    "adapter, hard, 2",
    "nf4, soft, 2"
  })
  void the_results_are_those_of_ranks_with_all_moments(String name, String rule, int size)
      throws IOException {
    List<Run> whole =
        RankThreads.run(size, group -> train(builder(name, group).shardMoments(false), rule, "a"));
    List<Run> sharded = RankThreads.run(size, group -> train(builder(name, group), rule, "b"));

    for (int rank = 0; rank < size; rank++) {
      assertThat(sharded.get(rank).norms()).isEqualTo(whole.get(0).norms());
      assertThat(sharded.get(rank).weights()).isEqualTo(whole.get(0).weights());
    }
    assertSameState(rule.equals("soft"));
    long moments = whole.get(0).moments();
    assertThat(whole).map(Run::moments).containsOnly(moments);
    assertThat(sharded.stream().mapToLong(Run::moments).sum()).isEqualTo(moments);
    assertThat(sharded)
        .allSatisfy(
            it ->
                assertThat(it.moments())
                    .isBetween((long) (0.8 * moments / size), (long) (1.2 * moments / size)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"neox", "adapter"})
  void another_number_of_ranks_reads_its_parts_of_a_checkpoint(String name) {
    List<Run> whole = RankThreads.run(2, group -> train(builder(name, group), "soft", "a"));
    for (int size : new int[] {1, 2, 3}) {
      List<Run> resumed =
          RankThreads.run(
              size,
              group -> {
                try (DjlPolicy policy = builder(name, group).load()) {
                  policy.loadState(state("a"));
                  assertThat(save(policy, size + " loaded").resolve(OPTIMIZER))
                      .hasSameBinaryContentAs(state("a").resolve(OPTIMIZER));
                  return run(
                      policy,
                      trainer(policy, "soft", "of " + size)
                          .resume(CheckpointStore.in(folder.resolve("a")).whole(2))
                          .resumeAnyway(true));
                }
              });
      List<Double> weights = resumed.get(0).weights();
      assertThat(resumed).map(Run::weights).containsOnly(weights);
      assertThat(resumed.stream().mapToLong(Run::moments).sum())
          .isEqualTo(whole.stream().mapToLong(Run::moments).sum());
      if (size == 2) {
        assertThat(weights).isEqualTo(whole.get(0).weights());
      } else {
        assertThat(error(resumed.get(0).norms(), whole.get(0).norms().subList(2, 4)))
            .isLessThan(1e-5);
      }
    }
  }

  @Test
  void a_step_that_is_not_finite_changes_nothing() {
    List<Boolean> same =
        RankThreads.run(
            2,
            group -> {
              try (DjlPolicy policy = builder("neox", group).load()) {
                step(policy, 1e-3);
                Path before = save(policy, "before");
                double bad = group.rank() == 1 ? Double.POSITIVE_INFINITY : 1e-3;
                assertThat(step(policy, bad)).isNaN();
                assertThat(save(policy, "after").resolve(OPTIMIZER))
                    .hasSameBinaryContentAs(before.resolve(OPTIMIZER));
                assertThat(step(policy, 1e-3)).isPositive().isFinite();
                assertThat(save(policy, "later").resolve("weights.safetensors").toFile()).exists();
                return true;
              }
            });
    assertThat(same).hasSize(2);
    assertThat(folder.resolve("0 after").resolve("weights.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("1 before").resolve("weights.safetensors"));
    assertThat(folder.resolve("0 later").resolve("weights.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("1 later").resolve("weights.safetensors"));
  }

  @Test
  void frozen_parameters_have_no_owner_and_those_trained_are_balanced() {
    ParameterGroups layer = ParameterGroups.of(ParameterGroup.frozen("!*.layers.1.*"));
    List<Long> moments =
        RankThreads.run(
            2,
            group -> {
              try (DjlPolicy policy = builder("neox", group).load()) {
                policy.step(new OptimizerStep(1e-2, 1, AdamW.ofDefaults(), layer));
                long trained =
                    policy.parameters().stream()
                        .filter(it -> it.contains(".layers.1."))
                        .mapToLong(it -> policy.values(it).length)
                        .sum();
                assertThat(2.0 * policy.momentValues() / (2 * trained)).isBetween(0.8, 1.2);
                try (SafetensorsFile saved =
                    SafetensorsFile.open(save(policy, "layer").resolve(OPTIMIZER))) {
                  assertThat(saved.tensors().keySet()).allMatch(it -> it.contains(".layers.1."));
                }
                step(policy, 1e-3); // trains all
                return policy.momentValues();
              }
            });
    assertThat((double) moments.get(0) / moments.get(1)).isBetween(0.8, 1.2);
  }

  @Test
  void a_rank_may_own_nothing() {
    String only = "gpt_neox.final_layer_norm.bias";
    List<double[]> values =
        RankThreads.run(
            3,
            group -> {
              try (DjlPolicy policy = builder("neox", group).load()) {
                policy.trainOnly(Set.of(only));
                double[] before = policy.values(only);
                ParameterGroups frozen = ParameterGroups.of(ParameterGroup.frozen("!" + only));
                accumulate(policy, 1e-3);
                policy.step(new OptimizerStep(1e-2, 1, AdamW.ofDefaults(), frozen));
                assertThat(policy.momentValues())
                    .isEqualTo(group.rank() == 0 ? 2 * before.length : 0);
                assertThat(policy.values(only)).isNotEqualTo(before);
                return policy.values(only);
              }
            });
    assertThat(values).containsOnly(values.get(0));
  }

  @Test
  void ranks_with_different_settings_all_fail() {
    List<CompletableFuture<Double>> outcomes =
        RankThreads.outcomes(
            3,
            group -> {
              try (DjlPolicy policy =
                  builder("llama", group).shardMoments(group.rank() == 1).load()) {
                return step(policy, 1e-3);
              }
            });
    assertThat(outcomes)
        .allSatisfy(
            it ->
                assertThatThrownBy(it::join)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                        "shardMoments is true on 1 of 3 processes; it must be the same on all"));
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "x86_64"})
  void gloo_carries_weights_and_moments() throws Exception {
    for (boolean shard : new boolean[] {true, false}) {
      try (MeetingPoint point = MeetingPoint.serve(0)) {
        RankThreads.run(
            2,
            rank -> {
              JoinSettings settings =
                  JoinSettings.of("127.0.0.1", point.port(), rank.rank(), rank.size());
              try (GlooProcessGroup group = GlooProcessGroup.join(settings)) {
                return train(
                    Golden.policy("neox").threads(1).processGroup(group).shardMoments(shard),
                    "soft",
                    shard ? "b" : "a");
              }
            });
      }
    }
    assertSameState(true);
  }

  /** The checkpoints in folders a and b have the same bytes. A hard reference keeps no weights. */
  private void assertSameState(boolean reference) {
    for (String file : List.of("weights.safetensors", "reference.safetensors", OPTIMIZER)) {
      if (reference || !file.startsWith("reference")) {
        assertThat(state("b").resolve(file)).hasSameBinaryContentAs(state("a").resolve(file));
      }
    }
  }

  private static DjlPolicyBuilder builder(String name, ProcessGroup group) {
    DjlPolicyBuilder builder =
        switch (name) {
          case "adapter" -> Golden.policy("llama").adapter(Golden.path("adapters/plain"));
          case "nf4" -> Golden.policy("nf4/llama").adapter(Adapter.lora(4));
          default -> Golden.policy(name);
        };
    return builder.threads(1).processGroup(new SummedArrays(group));
  }

  private Run train(DjlPolicyBuilder builder, String rule, String checkpoints) {
    try (DjlPolicy policy = builder.load()) {
      return run(policy, trainer(policy, rule, checkpoints));
    }
  }

  private TrainerBuilder trainer(DjlPolicy policy, String rule, String checkpoints) {
    return Trainer.builder()
        .policy(policy)
        .data(Golden.rows("rows.jsonl", Integer.MAX_VALUE))
        .loss(TR.dpo(0.1))
        .reference(rule.equals("soft") ? TR.soft(0.6) : TR.hard(3))
        .groups(ParameterGroups.of(ParameterGroup.of("*layers.0.*").learningRateFactor(3)))
        .learningRate(1e-3)
        .batchSize(3)
        .maxSteps(STEPS)
        .compareWeightsEvery(1)
        .checkpoints(CheckpointStore.in(folder.resolve(checkpoints)))
        .checkpointEvery(2)
        .keepLast(2);
  }

  private static Run run(DjlPolicy policy, TrainerBuilder trainer) {
    List<Double> norms =
        trainer.build().train().metrics().stream().map(StepMetrics::gradNorm).toList();
    DoubleStream weights = values(policy.model());
    return new Run(
        norms,
        (policy.hasReference()
                ? DoubleStream.concat(weights, values((DjlModel) policy.reference()))
                : weights)
            .boxed()
            .toList(),
        policy.momentValues());
  }

  private static double error(List<Double> actual, List<Double> expected) {
    return RelativeError.of(Doubles.toArray(actual), Doubles.toArray(expected));
  }

  private static DoubleStream values(DjlModel model) {
    return model.parameters().stream().flatMapToDouble(it -> Arrays.stream(model.values(it)));
  }

  /** The state of a policy in the checkpoint after two steps. */
  private Path state(String checkpoints) {
    return folder.resolve(checkpoints).resolve("step-000002/policy");
  }

  /** The state as this rank writes it; all do. */
  private Path save(DjlPolicy policy, String name) {
    try {
      Path path = Files.createDirectory(folder.resolve(policy.processGroup().rank() + " " + name));
      policy.saveState(path);
      return path;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double step(DjlPolicy policy, double slope) {
    accumulate(policy, slope);
    return policy.step(STEP);
  }

  private static void accumulate(DjlPolicy policy, double slope) {
    PreferenceBatch batch = PreferenceBatch.of(Golden.rows().subList(0, 2));
    policy.accumulate(
        batch,
        scores -> {
          double[] slopes = new double[scores.values().length];
          Arrays.fill(slopes, slope);
          return TokenGradient.of(slopes);
        });
  }
}
