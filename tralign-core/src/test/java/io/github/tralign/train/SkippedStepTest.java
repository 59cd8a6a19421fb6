package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.Doubles;
import io.github.tralign.TR;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.reference.Rules;
import io.github.tralign.train.log.MetricsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link OnNan#SKIP}: a step whose loss or gradient is not finite leaves no trace but its count.
 */
class SkippedStepTest {

  private static final int EPOCHS = 3;

  @TempDir Path folder;

  private static TrainerBuilder trainer(Policy policy, AlignmentLoss loss) {
    return Toy.trainer(policy, 8)
        .loss(new BrittleLoss(loss))
        .shuffle(false)
        .epochs(EPOCHS)
        .onNan(OnNan.SKIP);
  }

  /** Of three batches the third is broken; the rules are those that do not look at the step. */
  @Property(tries = 60)
  void a_run_is_the_same_as_one_without_the_broken_batches_bit_for_bit(
      @ForAll("rules") ReferencePolicy rule,
      @ForAll("losses") AlignmentLoss loss,
      @ForAll @IntRange(min = 1, max = 60) int microBatchTokens) {
    Policy policy = Toy.policy();
    Policy without = Toy.policy();
    TrainingResult result =
        trainer(policy, loss).reference(rule).microBatchTokens(microBatchTokens).build().train();
    TrainingResult sound =
        trainer(without, loss)
            .data(Toy.pairs(6))
            .reference(rule)
            .microBatchTokens(microBatchTokens)
            .build()
            .train();
    assertThat(result.skippedSteps()).isEqualTo(EPOCHS);
    assertThat(sound.skippedSteps()).isZero();
    assertThat(Toy.weights(policy)).containsExactly(Toy.weights(without));
    if (policy.hasReference()) {
      assertThat(policy.reference().values("logits"))
          .containsExactly(without.reference().values("logits"));
    }
    assertThat(Arrays.stream(Toy.losses(result)).filter(Double::isFinite))
        .containsExactlyElementsOf(Doubles.asList(Toy.losses(sound)));
  }

  @Provide
  Arbitrary<ReferencePolicy> rules() {
    Arbitrary<Double> alpha = Arbitraries.doubles().between(0.01, 0.99);
    return Arbitraries.oneOf(
        Arbitraries.just(TR.fixed()),
        alpha.map(TR::soft),
        alpha.map(weight -> TR.distance(0.01).alpha(weight).smoothing(0.5).minSteps(2)));
  }

  @Provide
  Arbitrary<AlignmentLoss> losses() {
    return Arbitraries.of(TR.dpo(0.3), TR.betaDpo(0.3), TR.bcoPairShift(0.3), TR.aot(0.3));
  }

  /** Whether the reference's scores come from a second copy or ahead. */
  @Property(tries = 60)
  void copies_that_were_promised_are_made_all_the_same(
      @ForAll("copying") ReferencePolicy rule, @ForAll boolean divergence) {
    AlignmentLoss loss = divergence ? TR.tdpo1(0.3) : TR.dpo(0.3);
    TrainingResult broken = trainer(Toy.policy(), loss).reference(rule).build().train();
    TrainingResult sound = trainer(Toy.policy(), loss).loss(loss).reference(rule).build().train();
    assertThat(broken.skippedSteps()).isEqualTo(EPOCHS);
    assertThat(weights(broken)).isEqualTo(weights(sound));
  }

  @Provide
  Arbitrary<ReferencePolicy> copying() {
    return Rules.copying();
  }

  /** It would be saved as a training otherwise. */
  @Test
  void a_run_of_nothing_but_skipped_steps_fails() {
    Policy policy = Toy.policy();
    double[] before = Toy.weights(policy);
    Trainer trainer =
        trainer(policy, TR.dpo(0.3)).loss(new SpoiltLoss(0, true, Double.NaN, 1)).build();
    assertThatExceptionOfType(TrainingException.class)
        .isThrownBy(trainer::train)
        .withMessageStartingWith("all 9 steps of the run were skipped");
    assertThat(Toy.weights(policy)).containsExactly(before);
  }

  private static List<Double> weights(TrainingResult result) {
    return result.metrics().stream().map(it -> it.get("reference/weight")).toList();
  }

  @Test
  void a_rule_that_is_asked_at_each_step_is_not_asked_at_a_skipped_one() {
    List<Long> asked = new ArrayList<>();
    ReferencePolicy rule =
        metrics -> {
          asked.add(metrics.step());
          return 0.5;
        };
    TrainingResult result = trainer(Toy.policy(), TR.dpo(0.3)).reference(rule).build().train();
    assertThat(asked).containsExactly(1L, 2L, 4L, 5L, 7L, 8L);
    assertThat(weights(result)).containsExactly(0.5, 0.5, 0.0, 0.5, 0.5, 0.0, 0.5, 0.5, 0.0);
  }

  @Test
  void it_is_counted_and_reported_with_its_rows_and_keeps_its_place_in_the_schedule() {
    List<String> told = new ArrayList<>();
    TrainingResult result =
        trainer(Toy.policy(), TR.dpo(0.3))
            .schedule(Schedule.linear())
            .listener(
                new TrainingListener() {
                  @Override
                  public void onSkippedStep(long step, String why) {
                    told.add(step + ": " + why);
                  }

                  @Override
                  public void onStep(StepMetrics metrics) {
                    told.add("step " + metrics.step());
                  }
                })
            .build()
            .train();
    assertThat(told)
        .startsWith(
            "step 1",
            "step 2",
            "3: the loss of step 3 is NaN; the step's rows are [in memory]",
            "step 3",
            "step 4")
        .hasSize(12);
    assertThat(result.metrics())
        .extracting(it -> it.get("num_skipped_steps"))
        .containsExactly(0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0);
    assertThat(result.metrics().get(3).get("learning_rate")).isEqualTo(0.05 * (1 - 3.0 / 9));
    assertThat(result.completed()).isTrue();
    assertThat(result.last().step()).isEqualTo(9);
    assertThat(result.last().loss()).isNaN();
  }

  @Test
  void a_gradient_that_is_not_finite_is_skipped_too() {
    Policy policy = Toy.policy();
    TrainingResult result =
        Toy.trainer(policy, 8)
            .loss(new SpoiltLoss(3, true, 1, Double.POSITIVE_INFINITY))
            .onNan(OnNan.SKIP)
            .build()
            .train();
    Policy once = Toy.policy();
    Toy.trainer(once, 8).loss(new SpoiltLoss(3, true, 1, 1)).maxSteps(1).build().train();
    assertThat(result.skippedSteps()).isEqualTo(2);
    assertThat(Toy.weights(policy)).containsExactly(Toy.weights(once));
  }

  @Test
  void the_tenth_in_a_row_ends_the_run_and_one_that_passes_begins_the_count_anew() {
    List<Example> broken = Toy.pairs(8).stream().filter(BrittleLoss::breaksOn).toList();
    TrainerBuilder allBroken = trainer(Toy.policy(), TR.dpo(0.3)).data(broken);
    assertThatExceptionOfType(TrainingException.class)
        .isThrownBy(() -> allBroken.maxSteps(9).build().train())
        .withMessageStartingWith("all 9 steps of the run were skipped");
    assertThatExceptionOfType(TrainingException.class)
        .isThrownBy(() -> allBroken.maxSteps(50).build().train())
        .withMessage(
            "the loss of step 10 is NaN; the step's rows are [in memory]; that makes 10 steps in a"
                + " row, so it is not the rows: no more are skipped");
    TrainingResult result = trainer(Toy.policy(), TR.dpo(0.3)).epochs(20).build().train();
    assertThat(result.skippedSteps()).isEqualTo(20);
  }

  @Test
  void the_count_in_a_row_goes_on_in_a_run_that_is_resumed() {
    List<Example> broken = Toy.pairs(8).stream().filter(BrittleLoss::breaksOn).toList();
    CheckpointStore store = CheckpointStore.in(folder.resolve("checkpoints"));
    TrainerBuilder allBroken =
        trainer(Toy.policy(), TR.dpo(0.3))
            .data(broken)
            .maxSteps(50)
            .checkpoints(store)
            .checkpointEvery(6);
    assertThatExceptionOfType(TrainingException.class).isThrownBy(allBroken.build()::train);
    allBroken.policy(Toy.policy()).resume(store.whole(6));
    assertThatExceptionOfType(TrainingException.class)
        .isThrownBy(allBroken.build()::train)
        .withMessageContaining("the loss of step 10 is NaN");
  }

  @Test
  void its_line_of_metrics_is_json_without_what_is_not_finite() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsFile metrics = new MetricsFile(file)) {
      trainer(Toy.policy(), TR.dpo(0.3)).listener(metrics).build().train();
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(9);
    JsonNode skipped = new ObjectMapper().readTree(lines.get(2));
    assertThat(skipped.has("loss")).isFalse();
    assertThat(skipped.has("grad_norm")).isFalse();
    assertThat(skipped.path("num_skipped_steps").isIntegralNumber()).isTrue();
    assertThat(skipped.path("logps/chosen").isDouble()).isTrue();
    assertThat(new ObjectMapper().readTree(lines.get(3)).path("loss").isDouble()).isTrue();
  }

  @Test
  void where_none_may_be_skipped_none_is_counted() {
    StepMetrics first = Toy.trainer(Toy.policy(), 8).build().train().first();
    assertThat(first.has("num_skipped_steps")).isFalse();
  }
}
