package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.tralign.TR;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.PairTerm;
import io.github.tralign.loss.PairwiseLoss;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredPair;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Objective;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenStatistic;
import io.github.tralign.reference.ReferencePolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users may get wrong: settings, losses, rules and policies of their own. */
class MisuseTest {

  /** DPO with another result. */
  private record Own(UnaryOperator<LossResult> change) implements PairwiseLoss {
    @Override
    public PairTerm at(ScoredPair pair) {
      return TR.dpo(0.1).at(pair);
    }

    @Override
    public LossResult evaluate(ScoredBatch batch) {
      return change.apply(TR.dpo(0.1).evaluate(batch));
    }

    @Override
    public double rewardScale() {
      return 0.1;
    }

    @Override
    public String name() {
      return "own";
    }
  }

  @Test
  void a_loss_whose_result_has_another_shape_is_named_with_the_row() {
    failsWith(it -> null, "the loss own gives no result, but null");
    for (String name : List.of("loss", "rewards/chosen", "eval_loss", "reference/weight")) {
      failsWith(
          it -> it.withMetrics(Map.of(name, 1.0)),
          "the loss own gives a metric '" + name + "', a name of the trainer's own; choose");
    }
    failsWith(it -> gradient(it, new double[1][2]), "own gives derivatives of 1 rows for 3");
    failsWith(
        it -> gradient(it, new double[3][1]),
        "own gives 1 derivatives for in memory, which has 2 completions");
    failsWith(
        it -> gradient(it, new double[3][]),
        "own gives null derivatives for in memory, which has 2 completions");
    failsWith(
        it -> it.withDivergence(new double[][] {{1, 1}}),
        "own gives derivatives of the divergence, but usesDivergence() says no");
    failsWith(it -> it.withMemory(Map.of("a", 1.0)), "which a separable loss cannot have");
  }

  @Test
  void a_derivative_that_is_not_finite_is_named_with_the_row() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      failsWith(
          it -> gradient(it, new double[][] {{1, -1}, {value, 0}, {1, -1}}),
          "the loss own gives the derivative " + value + " for in memory");
    }
  }

  @Test
  void so_is_one_of_the_divergence() {
    double[][] broken = {{0, 0}, {0, Double.NaN}, {0, 0}};
    AlignmentLoss loss =
        new AlignmentLoss() {
          @Override
          public String name() {
            return "own";
          }

          @Override
          public boolean usesReference() {
            return true;
          }

          @Override
          public boolean usesDivergence() {
            return true;
          }

          @Override
          public LossResult evaluate(ScoredBatch batch) {
            return TR.tdpo1(0.1).evaluate(batch).withDivergence(broken);
          }
        };
    assertThatExceptionOfType(TrainingException.class)
        .isThrownBy(Toy.trainer(Toy.policy(), 3).batchSize(3).loss(loss).build()::train)
        .withMessageContaining("own gives the derivative of the divergence NaN for in memory");
  }

  @Test
  void a_term_of_a_sum_is_held_to_the_same() {
    for (double[][] wrong :
        new double[][][] {new double[1][2], new double[3][], new double[3][3]}) {
      AlignmentLoss sum = TR.dpo(0.1).plus(0.5, new Own(it -> gradient(it, wrong)));
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(Toy.trainer(Toy.policy(), 3).loss(sum).build()::train)
          .withMessageStartingWith("the loss own gives other derivatives than one for each");
    }
    AlignmentLoss none = TR.dpo(0.1).plus(0.5, new Own(it -> null));
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(Toy.trainer(Toy.policy(), 3).loss(none).build()::train)
        .withMessage("the loss own gives no result, but null");
  }

  @Test
  void data_that_is_null_is_named() {
    assertThatNullPointerException()
        .isThrownBy(() -> Trainer.builder().data((PreferenceData) null))
        .withMessage("data");
    assertThatNullPointerException()
        .isThrownBy(() -> PreferenceData.of((List<Example>) null))
        .withMessage("examples");
  }

  private static LossResult gradient(LossResult result, double[][] gradient) {
    return new LossResult(result.value(), gradient);
  }

  private static void failsWith(UnaryOperator<LossResult> change, String message) {
    Trainer trainer = Toy.trainer(Toy.policy(), 3).loss(new Own(change)).build();
    assertThatExceptionOfType(TrainingException.class)
        .isThrownBy(trainer::train)
        .withMessageContaining(message);
  }

  @Test
  void an_evaluation_is_held_to_the_same() {
    Own own = new Own(it -> it.gradient().length == 2 ? gradient(it, new double[0][]) : it);
    Trainer trainer = Toy.trainer(Toy.policy(), 3).loss(own).evaluation(Toy.pairs(2)).build();
    assertThatExceptionOfType(TrainingException.class)
        .isThrownBy(trainer::train)
        .withMessage("the loss own gives derivatives of 0 rows for 2");
  }

  @Test
  void a_rule_that_gives_no_weight_is_named() {
    for (double weight : new double[] {Double.NaN, -0.1, 1.1}) {
      ReferencePolicy rule = metrics -> weight;
      assertThatExceptionOfType(TrainingException.class)
          .isThrownBy(Toy.trainer(Toy.policy(), 3).reference(rule).build()::train)
          .withMessageStartingWith("the reference rule " + rule)
          .withMessageEndingWith(
              "asks for the weight " + weight + " after step 1; it must lie in [0, 1]");
    }
  }

  @Test
  void a_policy_that_scores_another_batch_is_reported() {
    Policy wrong =
        new LimitedPolicy(Toy.policy(), 99) {
          @Override
          public void accumulate(
              PreferenceBatch batch, Set<TokenStatistic> statistics, Objective objective) {
            super.accumulate(PreferenceBatch.of(batch.examples().get(0)), statistics, objective);
          }
        };
    assertThatExceptionOfType(TrainingException.class)
        .isThrownBy(Toy.trainer(wrong, 3).build()::train)
        .withMessageStartingWith("the policy scored 1 example(s) with ");
  }

  @Test
  void a_policy_is_trained_by_one_trainer_at_a_time() {
    Policy policy = Toy.policy();
    Trainer other = Toy.trainer(policy, 3).build();
    Trainer trainer =
        Toy.trainer(policy, 3)
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(StepMetrics metrics) {
                    other.train();
                  }
                })
            .build();
    assertThatIllegalStateException()
        .isThrownBy(trainer::train)
        .withMessage(
            "the policy is being trained: one trainer at a time, until its train() returns");
    // and after a run that failed it is free
    assertThat(Toy.trainer(policy, 3).build().train().completed()).isTrue();
  }

  @Test
  void a_second_run_does_not_take_the_checkpoints_of_the_first(@TempDir Path folder) {
    CheckpointStore store = CheckpointStore.in(folder);
    Trainer trainer = Toy.trainer(Toy.policy(), 3).checkpoints(store).checkpointEvery(1).build();
    trainer.train();
    assertThatIllegalArgumentException()
        .isThrownBy(trainer::train)
        .withMessage(folder + " has checkpoints already: resume them or choose another folder");
    assertThat(store.steps()).containsExactly(1L);
  }

  @Test
  void a_trainer_that_is_stopped_before_it_begins_does_no_step() {
    Policy policy = Toy.policy();
    double[] before = Toy.weights(policy);
    Trainer trainer = Toy.trainer(policy, 3).build();
    trainer.stop();
    TrainingResult result = trainer.train();
    assertThat(result.completed()).isFalse();
    assertThat(result.metrics()).isEmpty();
    assertThat(Toy.weights(policy)).containsExactly(before);
    assertThat(trainer.train().completed()).isTrue(); // a stop is for one run
  }

  @Test
  void a_policy_that_is_closed_amid_a_run_ends_it_with_a_word() {
    Policy policy = Toy.policy();
    AtomicReference<Thread> closing = new AtomicReference<>();
    Trainer trainer =
        Toy.trainer(policy, 3)
            .epochs(2)
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(StepMetrics metrics) {
                    Thread thread = new Thread(policy::close);
                    closing.set(thread);
                    thread.start();
                    try {
                      thread.join();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  }
                })
            .build();
    assertThatIllegalStateException()
        .isThrownBy(trainer::train)
        .withMessage("the tabular policy is closed");
    assertThat(closing.get()).isNotNull();
    assertThatIllegalStateException()
        .isThrownBy(() -> Toy.trainer(policy, 3).build())
        .withMessage("the tabular policy is closed");
  }

  @Test
  void what_means_nothing_is_refused_or_reported() {
    TrainerBuilder settings = Toy.trainer(Toy.policy(), 6);
    assertThatIllegalStateException()
        .isThrownBy(() -> Toy.trainer(Toy.policy(), 6).resumeAnyway(true).build())
        .withMessage("resumeAnyway(...) needs resume(...): which checkpoint?");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.probe(List.of()))
        .withMessage("the number of examples of the probe must be >= 1, not 0");
    assertThat(settings.warmupSteps(2).build().warnings()).isEmpty();
    assertThat(settings.warmupSteps(3).build().warnings())
        .containsExactly(
            "the warm-up takes 3 steps, but the run ends after 2: the learning rate never reaches"
                + " 0.05");
    assertThat(settings.warmupSteps(0).epochs(2).maxSteps(3).build().warnings())
        .containsExactly(
            "the number of epochs means nothing: the number of steps says how long the run is");
  }

  @Test
  void a_refused_second_call_does_not_forget_the_stop_of_the_run() {
    Trainer[] trainer = new Trainer[1];
    trainer[0] =
        ShortRun.toy(Toy.policy(), TR.fixed())
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(StepMetrics metrics) {
                    trainer[0].stop();
                    assertThatIllegalStateException().isThrownBy(() -> trainer[0].train());
                  }
                })
            .build();
    TrainingResult result = trainer[0].train();
    assertThat(result.completed()).isFalse();
    assertThat(result.last().step()).isEqualTo(1);
  }
}
