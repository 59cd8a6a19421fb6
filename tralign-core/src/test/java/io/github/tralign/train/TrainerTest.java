package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.reference.ReferencePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {

  @Test
  void one_seed_is_one_run_and_another_is_another() {
    for (ReferencePolicy rule : List.of(TR.fixed(), TR.soft(0.6), TR.hard(2))) {
      List<double[]> ends = new ArrayList<>();
      List<Object> metrics = new ArrayList<>();
      for (long seed : new long[] {7, 7, 8}) {
        Policy policy = Toy.policy();
        TrainingResult run =
            Toy.trainer(policy, 8).reference(rule).epochs(3).seed(seed).build().train();
        ends.add(Toy.weights(policy));
        metrics.add(Toy.metrics(run));
      }
      assertThat(ends.get(1)).containsExactly(ends.get(0));
      assertThat(metrics.get(1)).isEqualTo(metrics.get(0));
      assertThat(ends.get(2)).isNotEqualTo(ends.get(0));
    }
  }

  @Test
  void without_shuffling_the_seed_says_nothing() {
    Policy one = Toy.policy();
    Policy other = Toy.policy();
    Toy.trainer(one, 8).shuffle(false).seed(1).epochs(2).build().train();
    Toy.trainer(other, 8).shuffle(false).seed(2).epochs(2).build().train();
    assertThat(Toy.weights(other)).containsExactly(Toy.weights(one));
  }

  @Test
  void what_people_should_know_is_reported_before_training() {
    Example good = Example.labelled(new int[1], new int[1], true);
    Example bad = Example.labelled(new int[1], new int[1], false);
    TrainerBuilder builder = Toy.trainer(Toy.policy(), 1).loss(TR.kto(0.3));
    assertThat(builder.data(List.of(good, bad)).build().warnings()).isEmpty();
    assertThat(builder.batchSize(1).build().warnings())
        .containsExactly(
            "kto: a batch of 1 has no completion of another row to estimate the divergence on,"
                + " which is then taken to be 0");
    assertThat(builder.data(List.of(good, good, bad)).build().warnings())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("kto: desirable completions count 2.00 times as much");
    assertThat(Toy.trainer(Toy.policy(), 2).batchSize(1).build().warnings()).isEmpty();
  }

  @Test
  void the_margin_grows() {
    Policy policy = Toy.policy();
    TrainingResult run = Toy.trainer(policy, 6).batchSize(6).epochs(60).build().train();
    assertThat(run.metrics().get(0).get("rewards/margins")).isZero();
    assertThat(run.metrics().get(0).get("rewards/accuracies")).isZero(); // a tie is no win
    assertThat(run.metrics().get(0).loss()).isCloseTo(Math.log(2), within(1e-12));
    assertThat(run.last().get("rewards/margins")).isGreaterThan(0.5);
    assertThat(run.last().get("rewards/accuracies")).isEqualTo(1);
    assertThat(run.last().loss()).isLessThan(0.5);
  }

  @Test
  void supervised_tuning_makes_the_demonstrations_likely() {
    Policy policy = Toy.policy();
    Example shown = Example.demonstration(new int[] {0}, new int[] {1, 2, 3});
    TrainingResult run =
        Toy.trainer(policy, 1).loss(TR.sft()).data(List.of(shown)).epochs(100).build().train();
    double logp = policy.score(PreferenceBatch.of(shown)).sum(0, 0);
    assertThat(logp).isGreaterThan(-0.5);
    assertThat(run.last().get("logps/completion")).isCloseTo(logp, within(0.05));
    assertThat(policy.hasReference()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 12, 30, 55, 10_000})
  void micro_batches_change_no_result(int tokens) {
    for (AlignmentLoss loss : List.of(TR.dpo(0.3), TR.ipoMean(0.2), new CoupledLoss())) {
      for (ReferencePolicy rule : List.of(TR.fixed(), TR.soft(0.6), TR.hard(2))) {
        Policy whole = Toy.policy();
        Policy sliced = Toy.policy();
        TrainerBuilder builder =
            Toy.trainer(whole, 10).loss(loss).reference(rule).batchSize(5).epochs(4).probeEvery(3);
        TrainingResult expected = builder.microBatchTokens(Integer.MAX_VALUE).build().train();
        TrainingResult run = builder.policy(sliced).microBatchTokens(tokens).build().train();
        assertThat(Toy.losses(run)).containsExactly(Toy.losses(expected), within(1e-12));
        assertThat(Toy.weights(sliced)).containsExactly(Toy.weights(whole), within(1e-10));
        for (int s = 0; s < run.metrics().size(); s++) {
          StepMetrics wanted = expected.metrics().get(s);
          StepMetrics given = run.metrics().get(s);
          assertThat(given.values().keySet()).isEqualTo(wanted.values().keySet());
          for (String name : wanted.values().keySet()) {
            if (!name.equals("pairs_per_second")) {
              assertThat(given.get(name)).as(name).isCloseTo(wanted.get(name), within(1e-9));
            }
          }
        }
      }
    }
  }

  @Test
  void the_learning_rate_follows_schedule_and_warm_up() {
    TrainingResult run =
        Toy.trainer(Toy.policy(), 10)
            .batchSize(1)
            .learningRate(10)
            .schedule(Schedule.linear())
            .warmupSteps(2)
            .build()
            .train();
    assertThat(run.metrics().stream().mapToDouble(it -> it.get("learning_rate")).toArray())
        .containsExactly(
            new double[] {0, 5, 10, 8.75, 7.5, 6.25, 5, 3.75, 2.5, 1.25}, within(1e-12));
  }

  @Test
  void a_warm_up_may_be_a_share_of_the_run_rounded_up() {
    TrainingResult run =
        Toy.trainer(Toy.policy(), 10)
            .batchSize(1)
            .learningRate(10)
            .warmupSteps(7)
            .warmupRatio(0.15)
            .build()
            .train();
    assertThat(run.metrics().stream().mapToDouble(it -> it.get("learning_rate")).toArray())
        .containsExactly(0, 5, 10, 10, 10, 10, 10, 10, 10, 10);
  }

  @Test
  void the_first_step_of_a_warm_up_moves_nothing() {
    Policy policy = Toy.policy();
    Toy.trainer(policy, 3).warmupSteps(5).maxSteps(1).build().train();
    assertThat(Toy.weights(policy)).containsExactly(Toy.weights(Toy.policy()));
  }

  @Test
  void the_length_of_a_run_is_in_epochs_or_in_steps() {
    assertThat(Toy.trainer(Toy.policy(), 7).epochs(2).build().train().metrics()).hasSize(6);
    assertThat(Toy.trainer(Toy.policy(), 7).epochs(0.5).build().train().metrics()).hasSize(2);
    assertThat(Toy.trainer(Toy.policy(), 7).epochs(1 / 3.0).build().train().metrics()).hasSize(1);
    TrainingResult run = Toy.trainer(Toy.policy(), 7).epochs(2).maxSteps(4).build().train();
    assertThat(run.metrics()).hasSize(4);
    assertThat(run.examples()).isEqualTo(7 + 3);
    assertThat(run.last().step()).isEqualTo(4);
  }

  @Test
  void listeners_hear_everything_in_order() {
    List<String> heard = new ArrayList<>();
    Toy.trainer(Toy.policy(), 4)
        .batchSize(2)
        .shuffle(false)
        .microBatchTokens(1)
        .listener(new Scribe("a", heard))
        .listener(new Scribe("b", heard))
        .build()
        .train();
    // The first step's own scores are the reference's; only the second step's pairs are scored.
    assertThat(heard)
        .containsExactly(
            "a: start 4 examples, 2 + 2 steps, dpo, fixed, second copy false",
            "b: start 4 examples, 2 + 2 steps, dpo, fixed, second copy false",
            "a: scoring 0 of 2",
            "b: scoring 0 of 2",
            "a: scoring 1 of 2",
            "b: scoring 1 of 2",
            "a: scoring 2 of 2",
            "b: scoring 2 of 2",
            "a: step 1",
            "b: step 1",
            "a: step 2",
            "b: step 2",
            "a: end 4",
            "b: end 4");
  }

  @Test
  void the_plan_tells_of_a_second_copy_and_of_no_reference() {
    List<String> heard = new ArrayList<>();
    Scribe scribe = new Scribe("a", heard);
    Toy.trainer(Toy.policy(), 1).reference(TR.soft(0.6)).listener(scribe).build().train();
    Toy.trainer(Toy.policy(), 1)
        .data(List.of(Example.demonstration(new int[1], new int[1])))
        .loss(TR.sft())
        .listener(scribe)
        .build()
        .train();
    assertThat(heard.stream().filter(it -> it.contains("start")).collect(Collectors.toList()))
        .containsExactly(
            "a: start 1 examples, 1 + 1 steps, dpo, soft:0.6, second copy true",
            "a: start 1 examples, 1 + 1 steps, sft, none, second copy false");
  }

  @Test
  void a_loss_that_is_not_a_number_ends_the_run_and_names_the_rows() {
    for (boolean separable : new boolean[] {true, false}) {
      Policy policy = Toy.policy();
      Policy oneStep = Toy.policy();
      AlignmentLoss loss = new SpoiltLoss(2, separable, Double.NaN, 1);
      TrainerBuilder builder =
          Toy.trainer(policy, 6).loss(loss).batchSize(2).microBatchTokens(1).shuffle(false);
      assertThatThrownBy(builder.build()::train)
          .isInstanceOf(TrainingException.class)
          .hasMessage("the loss of step 2 is NaN; the step's rows are [in memory]");
      builder.policy(oneStep).loss(TR.dpo(0.3)).maxSteps(1).build().train();
      assertThat(Toy.weights(policy)).containsExactly(Toy.weights(oneStep));
      assertThat(policy.step(new OptimizerStep(0, 1, AdamW.ofDefaults()))).isZero();
    }
  }

  @Test
  void a_gradient_that_is_not_finite_ends_the_run_and_leaves_the_weights() {
    Policy policy = Toy.policy();
    AlignmentLoss loss = new SpoiltLoss(0, true, 1, Double.POSITIVE_INFINITY);
    assertThatThrownBy(Toy.trainer(policy, 6).loss(loss).build()::train)
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(
            "the gradient norm of step 1 is NaN: the loss spoilt gives the derivative -Infinity for"
                + " in memory; the step's rows are [in memory");
    assertThat(Toy.weights(policy)).containsExactly(Toy.weights(Toy.policy()));
    assertThat(policy.step(new OptimizerStep(0, 1, AdamW.ofDefaults()))).isZero();
  }

  @Test
  void gradients_left_by_a_broken_run_do_not_reach_the_next() {
    Policy policy = Toy.policy();
    Policy fresh = Toy.policy();
    policy.accumulate(
        PreferenceBatch.of(Toy.pairs(1).get(0)), scores -> TokenGradient.of(scores.values()));
    Toy.trainer(policy, 4).build().train();
    Toy.trainer(fresh, 4).build().train();
    assertThat(Toy.weights(policy)).containsExactly(Toy.weights(fresh));
  }

  /** Writes down what it hears. */
  private record Scribe(String name, List<String> heard) implements TrainingListener {

    @Override
    public void onStart(TrainingPlan plan) {
      note(
          "start %d examples, %d + %d steps, %s, %s, second copy %s",
          plan.examples(),
          plan.stepsPerEpoch(),
          plan.totalSteps(),
          plan.loss(),
          plan.reference(),
          plan.secondCopy());
    }

    @Override
    public void onReferenceScoring(long done, long total) {
      note("scoring %d of %d", done, total);
    }

    @Override
    public void onStep(StepMetrics metrics) {
      note("step %d", metrics.step());
    }

    @Override
    public void onEnd(TrainingResult result) {
      note("end %d", result.examples());
    }

    private void note(String format, Object... values) {
      heard.add(name + ": " + String.format(format, values));
    }
  }
}
