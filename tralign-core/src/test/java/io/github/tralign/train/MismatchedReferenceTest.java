package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.TR;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Mismatched completions under the reference: scored ahead, they are those of a second copy. */
class MismatchedReferenceTest {

  /** Over shuffled epochs, windows across their ends, and windows longer than the run. */
  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void without_a_second_copy_a_hard_update_is_the_same_run(
      @ForAll @IntRange(min = 1, max = 10) int rows,
      @ForAll @IntRange(min = 1, max = 5) int batchSize,
      @ForAll @IntRange(min = 1, max = 12) int tau,
      @ForAll @IntRange(min = 1, max = 3) int epochs,
      @ForAll @IntRange(min = 1, max = 40) int microBatchTokens,
      @ForAll boolean shuffle,
      @ForAll long seed) {
    assertSameRun(
        TR.hard(tau),
        TR.hard(tau)::weightAfter,
        policy ->
            trainer(policy, rows)
                .batchSize(batchSize)
                .epochs(epochs)
                .microBatchTokens(microBatchTokens)
                .shuffle(shuffle)
                .seed(seed)
                .probeEvery(4));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void without_a_second_copy_a_fixed_reference_is_the_same_run(
      @ForAll @IntRange(min = 1, max = 10) int rows,
      @ForAll @IntRange(min = 1, max = 5) int batchSize,
      @ForAll @IntRange(min = 1, max = 30) int maxSteps,
      @ForAll @IntRange(min = 1, max = 40) int microBatchTokens,
      @ForAll long seed) {
    assertSameRun(
        TR.fixed(),
        TR.hard(1000)::weightAfter,
        policy ->
            trainer(policy, rows)
                .batchSize(batchSize)
                .maxSteps(maxSteps)
                .microBatchTokens(microBatchTokens)
                .seed(seed)
                .probeEvery(0));
  }

  /** The estimate of a step is that of its own window: neither 0 nor that of an earlier one. */
  @Example
  void the_estimate_is_taken_against_the_last_copy() {
    Policy policy = Toy.policy();
    List<io.github.tralign.data.Example> rows = labelled(3);
    List<double[]> logps = new ArrayList<>(List.of(mismatched(policy, rows)));
    TrainingResult run =
        trainer(policy, 3)
            .batchSize(3)
            .shuffle(false)
            .epochs(8)
            .reference(TR.hard(3))
            .listener(afterStep(() -> logps.add(mismatched(policy, rows))))
            .build()
            .train();
    double largest = 0;
    for (int step = 0; step < 8; step++) {
      double mean = 0;
      for (int i = 0; i < 3; i++) {
        mean += (logps.get(step)[i] - logps.get(step / 3 * 3)[i]) / 3;
      }
      double kl = run.metrics().get(step).get("kl");
      assertThat(kl).isCloseTo(Math.max(0, mean), within(1e-12));
      largest = Math.max(largest, kl);
    }
    assertThat(largest).isGreaterThan(0.01);
  }

  /** 7 rows in batches of 3: the last one has no other row. */
  @Example
  void a_batch_of_one_has_an_estimate_of_zero() {
    TrainingResult run =
        trainer(Toy.policy(), 7).shuffle(false).epochs(4).reference(TR.fixed()).build().train();
    assertThat(run.metrics()).hasSize(12);
    for (StepMetrics metrics : run.metrics()) {
      if (metrics.step() % 3 == 0) {
        assertThat(metrics.get("kl")).isZero();
      }
    }
    assertThat(run.metrics().stream().filter(it -> it.get("kl") > 0).count()).isPositive();
  }

  @Example
  void in_batches_of_one_kto_is_apo_zero() {
    List<double[]> ends = new ArrayList<>();
    for (AlignmentLoss loss : List.of(TR.kto(0.3), TR.apoZeroUnpaired(0.3))) {
      Policy policy = Toy.policy();
      trainer(policy, 6).loss(loss).batchSize(1).build().train();
      ends.add(Toy.weights(policy));
    }
    assertThat(ends.get(0)).containsExactly(ends.get(1));
  }

  private interface Settings {
    TrainerBuilder of(Policy policy);
  }

  private static void assertSameRun(
      ReferencePolicy promising, ReferencePolicy silent, Settings settings) {
    Policy ahead = Toy.policy();
    Policy copied = Toy.policy();
    TrainingResult aheadRun = settings.of(ahead).reference(promising).build().train();
    TrainingResult copiedRun = settings.of(copied).reference(silent).build().train();
    assertThat(Toy.metrics(aheadRun, MismatchedReferenceTest::ofStep))
        .isEqualTo(Toy.metrics(copiedRun, MismatchedReferenceTest::ofStep));
    assertThat(aheadRun.last().has("kl")).isTrue();
    assertThat(Toy.weights(ahead)).containsExactly(Toy.weights(copied));
    assertThat(ahead.hasReference()).isFalse();
    assertThat(copied.hasReference()).isTrue();
  }

  /** Against the initial policy a fixed reference measures at each step, others now and then. */
  private static boolean ofStep(String name) {
    return !name.startsWith("initial/");
  }

  private static TrainerBuilder trainer(Policy policy, int rows) {
    return Toy.trainer(policy, 1).data(labelled(rows)).loss(TR.kto(0.3));
  }

  /** Completions of unlike lengths to few prompts, so that some rows of a batch share one. */
  private static List<io.github.tralign.data.Example> labelled(int rows) {
    Random random = new Random(9);
    List<io.github.tralign.data.Example> labelled = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int[] completion = random.ints(1 + random.nextInt(5), 0, Toy.VOCABULARY).toArray();
      labelled.add(
          io.github.tralign.data.Example.labelled(
              new int[] {i % 4}, completion, random.nextBoolean()));
    }
    return labelled;
  }

  /** The log-probability of the row before's completion to each prompt, by hand. */
  private static double[] mismatched(Policy policy, List<io.github.tralign.data.Example> rows) {
    double[] logps = new double[rows.size()];
    for (int i = 0; i < logps.length; i++) {
      int[] prompt = rows.get(i).prompt().toArray();
      ImmutableIntArray other =
          rows.get((i + logps.length - 1) % logps.length).completions().get(0);
      var row = io.github.tralign.data.Example.demonstration(prompt, other.toArray());
      logps[i] = policy.score(PreferenceBatch.of(row)).sum(0, 0);
    }
    return logps;
  }

  private static TrainingListener afterStep(Runnable action) {
    return new TrainingListener() {
      @Override
      public void onStep(StepMetrics metrics) {
        action.run();
      }
    };
  }
}
