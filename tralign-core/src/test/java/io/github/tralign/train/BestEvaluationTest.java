package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.tralign.InvalidInputException;
import io.github.tralign.TR;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The best evaluation, its checkpoint, and the end of a run without a better one. */
class BestEvaluationTest {

  private static final List<Example> HELD_OUT = Toy.pairs(13).subList(8, 13);
  private static final int STEPS = 12;

  @TempDir Path folder;

  /** Evaluates as often as told, on pairs. */
  private static TrainerBuilder trainer(Policy policy, long every) {
    return Toy.trainer(policy, 8)
        .reference(TR.soft(0.6))
        .evaluation(HELD_OUT)
        .evaluationEvery(every)
        .maxSteps(STEPS);
  }

  private CheckpointStore store() {
    return CheckpointStore.in(folder.resolve("checkpoints"));
  }

  /** The figures of each evaluation and the weights that it measured. */
  private static final class Watch implements TrainingListener {
    private final Policy policy;
    private final Map<Long, StepMetrics> evaluations = new TreeMap<>();
    private final Map<Long, double[]> weights = new TreeMap<>();

    Watch(Policy policy) {
      this.policy = policy;
    }

    @Override
    public void onEvaluation(StepMetrics metrics) {
      evaluations.put(metrics.step(), metrics);
      weights.put(metrics.step(), Toy.weights(policy));
    }
  }

  @Property(tries = 100)
  void it_is_the_first_with_the_best_figure_and_its_weights_are_kept(
      @ForAll EvaluationMetric metric,
      @ForAll @IntRange(min = 1, max = 4) int every,
      @ForAll @IntRange(min = 0, max = 5) int checkpointEvery,
      @ForAll @IntRange(min = 1, max = 3) int keepLast,
      @ForAll @DoubleRange(min = 0.01, max = 3) double learningRate)
      throws IOException {
    Path checkpoints = Files.createTempDirectory("best-test");
    CheckpointStore store = CheckpointStore.in(checkpoints);
    Policy policy = Toy.policy();
    Watch watch = new Watch(policy);
    boolean demonstrations = metric == EvaluationMetric.DEMONSTRATION_LOGP;
    PreferenceData pairs = PreferenceData.of(HELD_OUT);
    Trainer trainer =
        trainer(policy, every)
            .loss(demonstrations ? TR.sft() : TR.dpo(0.3))
            .reference(demonstrations ? TR.fixed() : TR.soft(0.6))
            .evaluation(demonstrations ? pairs.demonstrations().examples() : HELD_OUT)
            .learningRate(learningRate)
            .bestMetric(metric)
            .checkpoints(store)
            .checkpointEvery(checkpointEvery)
            .keepLast(keepLast)
            .keepBest(true)
            .listener(watch)
            .build();
    TrainingResult result = trainer.train();

    Comparator<StepMetrics> byFigure = Comparator.comparing(it -> it.get(metric.toString()));
    boolean less = metric == EvaluationMetric.LOSS;
    StepMetrics expected =
        watch.evaluations.values().stream()
            .min(less ? byFigure : byFigure.reversed())
            .orElseThrow();
    BestEvaluation best = result.best().orElseThrow();
    assertThat(best.step()).isEqualTo(expected.step());
    assertThat(best.value()).isEqualTo(expected.get(metric.toString()));
    assertThat(best.metric()).isEqualTo(metric);
    assertThat(store.steps()).contains(best.step()).hasSizeLessThanOrEqualTo(keepLast + 1);
    trainer.restore(store.whole(best.step()));
    assertThat(Toy.weights(policy)).containsExactly(watch.weights.get(best.step()));
    store.keepOnly(Set.of());
    Files.delete(checkpoints);
  }

  /** What is measured is told by the metric, whatever kinds of rows there are. */
  @ParameterizedTest
  @EnumSource(EvaluationMetric.class)
  void a_metric_is_reported_where_it_says_so_and_refused_elsewhere(EvaluationMetric metric) {
    PreferenceData pairs = PreferenceData.of(Toy.pairs(4));
    List<Example> labelled = pairs.unpaired().examples();
    List<Example> desirable = List.of(labelled.get(0), labelled.get(2));
    List<Example> undesirable = List.of(labelled.get(1), labelled.get(3));
    assertThat(desirable).allMatch(it -> it.judgement().equals(desirable.get(0).judgement()));
    Map<List<Example>, AlignmentLoss> cases =
        Map.of(
            pairs.examples(),
            TR.dpo(0.3),
            labelled,
            TR.kto(0.3),
            desirable,
            TR.kto(0.3),
            undesirable,
            TR.kto(0.3),
            pairs.demonstrations().examples(),
            TR.sft());
    cases.forEach(
        (rows, loss) -> {
          TrainerBuilder builder =
              Toy.trainer(Toy.policy(), 1).data(rows).loss(loss).evaluation(rows);
          boolean reported = builder.build().train().last().has(metric.toString());
          assertThat(metric.isReportedOn(rows)).as("%s on %s", metric, rows).isEqualTo(reported);
          builder.bestMetric(metric);
          if (reported) {
            builder.build();
          } else {
            assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContaining(metric.toString())
                .withMessageContaining("by another metric");
          }
        });
  }

  @Test
  void it_names_its_reference_where_it_has_one() {
    BestEvaluation best = trainer(Toy.policy(), 12).build().train().best().orElseThrow();
    assertThat(best.reference()).isEqualTo("initial policy");
    assertThat(best.describe())
        .matches("eval_loss 0\\.\\d{4} against the initial policy, after step 12");
    TrainerBuilder logp = trainer(Toy.policy(), 12).bestMetric(EvaluationMetric.CHOSEN_LOGP);
    assertThat(logp.build().train().best().orElseThrow().describe())
        .matches("eval_logps/chosen -\\d\\.\\d{3}, after step 12");
    TrainerBuilder simpo = trainer(Toy.policy(), 12).loss(TR.simpo(2, 1)).reference(TR.fixed());
    assertThat(simpo.build().train().best().orElseThrow().reference()).isEqualTo("none");
  }

  /** Without learning no evaluation is better than the first. */
  @Test
  void a_run_ends_after_so_many_evaluations_without_a_better_one() {
    TrainingResult result =
        trainer(Toy.policy(), 2).learningRate(0).earlyStop(3).probeEvery(5).build().train();
    assertThat(result.last().step()).isEqualTo(8);
    assertThat(result.completed()).isTrue();
    assertThat(result.best().orElseThrow().step()).isEqualTo(2);
    assertThat(result.earlyStop())
        .hasValue(
            "no evaluation of the last 3 was better by eval_loss against the initial policy;"
                + " the best was 0.6931 after step 2");
    assertThat(result.last().has("initial/logratios")).as("the probe at its end").isTrue();
  }

  @Property(tries = 50)
  void the_steps_up_to_an_early_end_are_those_of_the_whole_run(
      @ForAll @IntRange(min = 1, max = 3) int every,
      @ForAll @IntRange(min = 1, max = 3) int patience,
      @ForAll @DoubleRange(min = 0.01, max = 3) double learningRate) {
    TrainerBuilder settings =
        trainer(Toy.policy(), every).learningRate(learningRate).schedule(Schedule.cosine());
    TrainingResult whole = settings.build().train();
    TrainingResult early = settings.policy(Toy.policy()).earlyStop(patience).build().train();
    int steps = early.metrics().size();
    assertThat(Toy.metrics(early, name -> !name.startsWith("initial/")))
        .isEqualTo(Toy.metrics(whole, name -> !name.startsWith("initial/")).subList(0, steps));

    List<Double> losses = new ArrayList<>();
    for (StepMetrics step : early.metrics()) {
      if (step.has("eval_loss")) {
        losses.add(step.get("eval_loss"));
      }
    }
    int best = losses.indexOf(losses.stream().min(Comparator.naturalOrder()).orElseThrow());
    int since = losses.size() - 1 - best;
    assertThat(since).isLessThanOrEqualTo(patience);
    assertThat(early.earlyStop().isPresent()).isEqualTo(steps < STEPS);
    if (steps < STEPS) {
      assertThat(since).isEqualTo(patience);
    }
    assertThat(early.completed()).isTrue();
  }

  @Test
  void a_run_that_reaches_its_last_step_did_not_end_early() {
    TrainingResult result = trainer(Toy.policy(), 4).learningRate(0).earlyStop(2).build().train();
    assertThat(result.last().step()).isEqualTo(STEPS);
    assertThat(result.earlyStop()).isEmpty();
  }

  /** The whole run's checkpoint of step 8 is as it was when evaluations ended the run. */
  @Test
  void a_run_that_ended_early_has_nothing_left_to_do() {
    TrainerBuilder settings =
        trainer(Toy.policy(), 2).learningRate(0).earlyStop(3).checkpoints(store());
    settings.checkpointEvery(8).build().train();
    Policy policy = Toy.policy();
    TrainingResult again =
        trainer(policy, 2)
            .learningRate(0)
            .earlyStop(3)
            .checkpoints(store())
            .resume(store().whole(8))
            .build()
            .train();
    assertThat(again.metrics()).isEmpty();
    assertThat(again.completed()).isTrue();
    assertThat(again.earlyStop()).isPresent();
    assertThat(again.last().step()).isEqualTo(8);
  }

  @Test
  void figures_that_are_no_numbers_are_never_the_best() {
    List<Example> broken = Toy.pairs(8).stream().filter(BrittleLoss::breaksOn).toList();
    TrainerBuilder settings =
        trainer(Toy.policy(), 1).loss(new BrittleLoss(TR.dpo(0.3))).evaluation(broken);
    TrainingResult result =
        settings
            .data(Toy.pairs(6))
            .earlyStop(4)
            .checkpoints(store())
            .keepBest(true)
            .build()
            .train();
    assertThat(result.best()).isEmpty();
    assertThat(result.last().step()).isEqualTo(4);
    assertThat(result.earlyStop())
        .hasValue("no evaluation of the last 4 was better by eval_loss against the initial policy");
    assertThat(store().steps()).isEmpty();
  }

  @Test
  void what_does_not_fit_together_is_refused() {
    missing(Toy.trainer(Toy.policy(), 8).earlyStop(2), "evaluation(...)");
    missing(Toy.trainer(Toy.policy(), 8).bestMetric(EvaluationMetric.MARGINS), "evaluation(...)");
    missing(Toy.trainer(Toy.policy(), 8).checkpoints(store()).keepBest(true), "evaluation(...)");
    missing(trainer(Toy.policy(), 0).earlyStop(2), "evaluationEvery(...)");
    missing(trainer(Toy.policy(), 0).checkpoints(store()).keepBest(true), "evaluationEvery(...)");
    missing(trainer(Toy.policy(), 2).keepBest(true), "checkpoints(...)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trainer.builder().earlyStop(-1))
        .withMessage("the number of evaluations without a better one must be >= 0, not -1");
  }

  private static void missing(TrainerBuilder settings, String what) {
    assertThatIllegalStateException()
        .isThrownBy(settings::build)
        .withMessageContaining("the trainer needs " + what);
  }

  @Test
  void another_metric_on_resuming_is_refused_or_looks_for_the_best_anew() {
    trainer(Toy.policy(), 2).maxSteps(4).checkpoints(store()).checkpointEvery(4).build().train();
    TrainerBuilder other =
        trainer(Toy.policy(), 2)
            .maxSteps(4)
            .bestMetric(EvaluationMetric.CHOSEN_LOGP)
            .resume(store().newest(complaint -> {}).orElseThrow());
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> other.build().train())
        .withMessageContaining("best metric was eval_loss and is eval_logps/chosen");
    assertThat(other.resumeAnyway(true).build().train().best()).isEmpty();
  }
}
