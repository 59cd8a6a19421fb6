package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LdLoss;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What couples the examples of a batch is that of the whole batch, whatever the micro-batches. */
class BatchCouplingTest {

  private static final int BATCH = 16;

  static Stream<Named<AlignmentLoss>> losses() {
    return Stream.of(
            TR.kto(0.3),
            TR.kto(0.3).weights(1, 1.5),
            TR.apoZeroUnpaired(0.3),
            TR.bco(0.3),
            TR.bcoPairShift(0.3),
            TR.ktoPair(0.3),
            TR.ktoPair(0.3).detached(true),
            TR.aot(0.3).labelSmoothing(0.1),
            TR.aotUnpaired(0.3),
            TR.betaDpo(0.3),
            TR.tdpo1(0.3),
            TR.tdpo2(0.3),
            TR.kto(0.3).plus(0.5, TR.bco(0.3)),
            TR.aot(0.3).plus(0.5, TR.bcoPairShift(0.3)).plus(0.1, TR.sft()),
            new LdLoss(TR.aot(0.3), 0.5))
        .map(loss -> Named.of(loss.toString(), loss));
  }

  /** 40 rows: two batches of 16 and one of 8 an epoch. */
  @ParameterizedTest
  @MethodSource("losses")
  void one_run_is_the_same_in_micro_batches_of_one_four_and_all(AlignmentLoss loss) {
    for (ReferencePolicy rule : List.of(TR.fixed(), TR.hard(4), TR.soft(0.3))) {
      List<Map<String, Double>> whole = new ArrayList<>();
      List<double[]> ends = new ArrayList<>();
      for (int rows : new int[] {BATCH, 4, 1}) {
        Policy policy = Toy.policy();
        TrainingResult run = run(policy, loss, rule, rows);
        if (rows == BATCH) {
          whole.addAll(Toy.metrics(run));
        }
        assertClose(Toy.metrics(run), whole);
        ends.add(Toy.weights(policy));
      }
      assertThat(ends.get(1)).containsExactly(ends.get(0), within(1e-11));
      assertThat(ends.get(2)).containsExactly(ends.get(0), within(1e-11));
      assertThat(ends.get(0)).isNotEqualTo(Toy.weights(Toy.policy()));
    }
  }

  @Test
  void micro_batches_are_cut_as_they_are_meant_to_be() {
    for (List<Example> data : List.of(pairs(), labelled())) {
      PreferenceBatch batch = new PreferenceBatch(ImmutableList.copyOf(data.subList(0, BATCH)));
      assertThat(batch.microBatches(tokens(data, BATCH))).hasSize(1);
      assertThat(batch.microBatches(tokens(data, 4))).hasSize(4);
      assertThat(batch.microBatches(tokens(data, 1))).hasSize(BATCH);
    }
  }

  private static TrainingResult run(
      Policy policy, AlignmentLoss loss, ReferencePolicy rule, int rows) {
    List<Example> data = takesPairs(loss) ? pairs() : labelled();
    return Toy.trainer(policy, 1)
        .data(data)
        .loss(loss)
        .reference(rule)
        .batchSize(BATCH)
        .epochs(3)
        .microBatchTokens(tokens(data, rows))
        .build()
        .train();
  }

  private static boolean takesPairs(AlignmentLoss loss) {
    try {
      loss.check(pairs().get(0));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int tokens(List<Example> data, int rows) {
    return rows * data.get(0).packedTokens();
  }

  /** Pairs of equal lengths, so that a number of tokens is a number of rows. */
  private static List<Example> pairs() {
    Random random = new Random(3);
    return Stream.generate(
            () -> Example.pair(tokens(random, 2), tokens(random, 3), tokens(random, 4)))
        .limit(40)
        .toList();
  }

  private static List<Example> labelled() {
    Random random = new Random(3);
    return Stream.generate(
            () -> Example.labelled(tokens(random, 2), tokens(random, 3), random.nextInt(3) > 0))
        .limit(40)
        .toList();
  }

  private static int[] tokens(Random random, int number) {
    return random.ints(number, 0, Toy.VOCABULARY).toArray();
  }

  private static void assertClose(
      List<Map<String, Double>> actual, List<Map<String, Double>> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int step = 0; step < expected.size(); step++) {
      Map<String, Double> measured = actual.get(step);
      assertThat(measured.keySet()).isEqualTo(expected.get(step).keySet());
      expected
          .get(step)
          .forEach(
              (name, value) ->
                  assertThat(measured.get(name))
                      .as(name)
                      .isCloseTo(value, within(1e-11 * (1 + Math.abs(value)))));
    }
  }
}
