package io.github.tralign.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class DistanceUpdateTest {

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void the_policy_is_copied_exactly_after_the_steps_that_went_too_far(
      @ForAll("logRatios") double[] logRatios,
      @ForAll @DoubleRange(min = 0.1, max = 0.9) double threshold) {
    assertThat(weights(TR.distance(threshold), logRatios))
        .containsExactly(
            Arrays.stream(logRatios).map(it -> Math.abs(it) > threshold ? 1 : 0).toArray());
  }

  @Example
  void the_threshold_itself_is_not_too_far() {
    assertThat(weights(TR.distance(0.5), 0.5, -0.5, 0.51, -0.51)).containsExactly(0, 0, 1, 1);
  }

  @Example
  void alpha_is_what_is_mixed_in() {
    assertThat(weights(TR.distance(0.5).alpha(0.6), 0.4, 0.7, -0.8)).containsExactly(0, 0.6, 0.6);
  }

  @Example
  void another_metric_may_be_the_distance() {
    StepMetrics step =
        new StepMetrics(1, ImmutableMap.of("logratios/reference", 9.0, "rewards/margins", -0.2));
    DistanceUpdate rule = TR.distance(0.1).metric("rewards/margins");
    assertThat(RuleRun.run(rule, List.of(step), StepMetrics.start()).get(0).values())
        .containsEntry("reference/distance", 0.2)
        .containsEntry("reference/weight", 1.0);
  }

  @Example
  void a_metric_that_is_not_there_is_reported() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weights(TR.distance(0.1).metric("margin"), 1))
        .withMessage("step 1 has no metric 'margin'; it has [logratios/reference]");
  }

  /** {@code d_n = sⁿ x_0 + (1 − s) Σ_k s^(n−k) x_k} over the steps since the last update. */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void the_smoothed_distance_is_the_moving_average_since_the_last_update(
      @ForAll("logRatios") double[] logRatios, @ForAll @DoubleRange(min = 0, max = 0.99) double s) {
    List<StepMetrics> run = run(TR.distance(0.4).smoothing(s), logRatios);
    int since = 0;
    for (int t = 0; t < run.size(); t++) {
      double expected = Math.pow(s, t - since) * Math.abs(logRatios[since]);
      for (int k = since + 1; k <= t; k++) {
        expected += (1 - s) * Math.pow(s, t - k) * Math.abs(logRatios[k]);
      }
      assertThat(run.get(t).get("reference/distance")).isCloseTo(expected, within(1e-12));
      assertThat(run.get(t).get("reference/age")).isEqualTo(t - since + 1);
      if (run.get(t).get("reference/weight") == 1) {
        since = t + 1;
      }
    }
  }

  @Example
  void a_single_outlier_does_not_move_a_smoothed_reference() {
    double[] logRatios = {0.1, 0.1, 2, 0.1, 0.1};
    assertThat(weights(TR.distance(0.5), logRatios)).containsExactly(0, 0, 1, 0, 0);
    assertThat(weights(TR.distance(0.5).smoothing(0.8), logRatios))
        .containsExactly(0, 0, 0, 0, 0); // 0.1, 0.1, 0.48, …
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void updates_keep_their_distance_in_time(
      @ForAll("logRatios") double[] logRatios, @ForAll @IntRange(min = 1, max = 10) int minSteps) {
    double[] weights = weights(TR.distance(0.5).minSteps(minSteps), logRatios);
    int age = 0;
    for (int t = 0; t < weights.length; t++) {
      age++;
      boolean due = age >= minSteps && Math.abs(logRatios[t]) > 0.5;
      assertThat(weights[t]).isEqualTo(due ? 1 : 0);
      age = due ? 0 : age;
    }
  }

  @Example
  void what_another_rule_held_back_was_no_update() {
    List<StepMetrics> run = run(TR.distance(0.5).minSteps(2).from(4), 1, 1, 1, 1, 1, 1);
    assertThat(RuleRun.weights(run)).containsExactly(0, 0, 0, 1, 0, 1);
    assertThat(run)
        .extracting(it -> it.get("reference/age"))
        .containsExactly(1., 2., 3., 4., 1., 2.);
    List<StepMetrics> rising = run(TR.distance(0.5).warmup(4), 1, 1, 0);
    assertThat(RuleRun.weights(rising)).containsExactly(0.25, 0.5, 0);
    assertThat(rising).extracting(it -> it.get("reference/age")).containsExactly(1., 1., 1.);
  }

  /** All that the rule remembers is in the last step's metrics. */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void a_run_resumes_from_the_metrics_of_its_last_step(
      @ForAll("logRatios") double[] logRatios, @ForAll @IntRange(min = 1, max = 29) int done) {
    DistanceUpdate rule = TR.distance(0.4).smoothing(0.5).minSteps(3);
    List<StepMetrics> whole = run(rule, logRatios);
    List<StepMetrics> rest =
        RuleRun.run(
            TR.distance(0.4).smoothing(0.5).minSteps(3),
            measured(logRatios).subList(done, 30),
            whole.get(done - 1));
    assertThat(rest).isEqualTo(whole.subList(done, 30));
  }

  @Provide
  Arbitrary<double[]> logRatios() {
    return Rules.between(-1, 1).array(double[].class).ofSize(30);
  }

  private static double[] weights(ReferencePolicy rule, double... logRatios) {
    return RuleRun.weights(run(rule, logRatios));
  }

  private static List<StepMetrics> run(ReferencePolicy rule, double... logRatios) {
    return RuleRun.run(rule, measured(logRatios), StepMetrics.start());
  }

  private static List<StepMetrics> measured(double... logRatios) {
    List<StepMetrics> steps = new ArrayList<>();
    for (double logRatio : logRatios) {
      steps.add(
          new StepMetrics(steps.size() + 1, ImmutableMap.of("logratios/reference", logRatio)));
    }
    return steps;
  }
}
