package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Doubles;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.distributed.RankThreads;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.tabular.TabularPolicy;
import io.github.tralign.testkit.RelativeError;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several processes train what one process trains, up to rounding, and all have the same bits. */
class ParallelTrainingTest {

  private static final int STEPS = 6;

  /** All that a run computes. */
  private record Run(List<Map<String, Double>> metrics, List<Double> weights, List<Double> losses) {
    static Run of(TrainingResult result, Policy policy) {
      return new Run(
          Toy.metrics(result, it -> true),
          Doubles.asList(Toy.weights(policy)),
          Doubles.asList(Toy.losses(result)));
    }
  }

  /** Every loss of {@link TR}, with all its settings at 0.3. */
  static Stream<AlignmentLoss> losses() {
    return Arrays.stream(TR.class.getMethods())
        .filter(it -> AlignmentLoss.class.isAssignableFrom(it.getReturnType()))
        .map(ParallelTrainingTest::loss);
  }

  private static AlignmentLoss loss(Method method) {
    try {
      Object[] settings = new Object[method.getParameterCount()];
      Arrays.fill(settings, 0.3);
      return (AlignmentLoss) method.invoke(null, settings);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(method.toString(), e);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void several_processes_train_as_one_does(AlignmentLoss loss) {
    List<ReferencePolicy> rules =
        loss.usesReference()
            ? List.of(TR.fixed(), TR.soft(0.6), TR.hard(2), TR.distance(0.05))
            : List.of(TR.fixed());
    for (ReferencePolicy rule : rules) {
      for (int microBatchTokens : new int[] {4096, 12}) {
        Run alone = train(loss, rule, microBatchTokens, 5, false, ProcessGroup.single());
        for (int size = 2; size <= 3; size++) {
          assertSame(alone, shared(loss, rule, microBatchTokens, 5, false, size));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void so_they_do_on_a_stream_with_batches_of_fewer_examples_than_processes(AlignmentLoss loss) {
    List<ReferencePolicy> rules =
        loss.usesReference() ? List.of(TR.fixed(), TR.hard(2)) : List.of(TR.fixed());
    for (ReferencePolicy rule : rules) {
      Run alone = train(loss, rule, 4096, 2, true, ProcessGroup.single());
      List<Run> ranks = shared(loss, rule, 4096, 2, true, 3);
      assertSame(alone, ranks);
      assertThat(shared(loss, rule, 4096, 2, true, 3)).as("the same bits again").isEqualTo(ranks);
    }
  }

  private static List<Run> shared(
      AlignmentLoss loss,
      ReferencePolicy rule,
      int microBatchTokens,
      int batchSize,
      boolean stream,
      int size) {
    return RankThreads.run(
        size, group -> train(loss, rule, microBatchTokens, batchSize, stream, group));
  }

  private static Run train(
      AlignmentLoss loss,
      ReferencePolicy rule,
      int microBatchTokens,
      int batchSize,
      boolean stream,
      ProcessGroup group) {
    try (TabularPolicy policy = TabularPolicy.random(Toy.VOCABULARY, 1, group)) {
      PreferenceData data = data(loss);
      boolean evaluated = !loss.usesDivergence() || rule instanceof FixedReference;
      TrainerBuilder trainer =
          Trainer.builder()
              .policy(policy)
              .loss(loss)
              .reference(rule)
              .learningRate(0.05)
              .batchSize(batchSize)
              .maxSteps(STEPS)
              .microBatchTokens(microBatchTokens)
              .probeEvery(3)
              .compareWeightsEvery(2)
              .evaluation(evaluated ? data.examples().subList(0, 4) : List.of())
              .evaluationEvery(evaluated ? 2 : 0);
      TrainingResult result =
          (stream ? trainer.data(PreferenceStream.of(data.examples())) : trainer.data(data))
              .build()
              .train();
      return Run.of(result, policy);
    }
  }

  private static PreferenceData data(AlignmentLoss loss) {
    List<Example> pairs = new ArrayList<>();
    for (Example pair : Toy.pairs(9)) {
      pairs.add(pair.with(Judgement.NONE.margin(1).winProbability(0.75)));
    }
    PreferenceData data = PreferenceData.of(pairs);
    try {
      loss.check(pairs.get(0));
      return data;
    } catch (IllegalArgumentException takesNoPairs) {
      return PreferenceData.of(Toy.pairs(9)).unpaired();
    }
  }

  private static void assertSame(Run alone, List<Run> ranks) {
    assertThat(ranks).as("the same bits on all ranks").containsOnly(ranks.get(0));
    Run first = ranks.get(0);
    assertClose(first.losses(), alone.losses());
    assertClose(first.weights(), alone.weights());
    for (int step = 0; step < STEPS; step++) {
      Map<String, Double> expected = alone.metrics().get(step);
      assertThat(first.metrics().get(step).keySet()).isEqualTo(expected.keySet());
      assertClose(first.metrics().get(step).values(), expected.values());
    }
  }

  private static void assertClose(Collection<Double> actual, Collection<Double> expected) {
    assertThat(RelativeError.of(Doubles.toArray(actual), Doubles.toArray(expected)))
        .isLessThan(1e-9);
  }
}
