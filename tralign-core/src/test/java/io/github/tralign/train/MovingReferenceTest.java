package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Example;

class MovingReferenceTest {

  @Example
  void soft_with_alpha_one_and_hard_with_tau_one_are_the_same_run() {
    Policy soft = Toy.policy();
    Policy hard = Toy.policy();
    Policy copied = Toy.policy();
    TrainingResult softRun = run(soft, TR.soft(1));
    TrainingResult hardRun = run(hard, TR.hard(1));
    TrainingResult copiedRun = run(copied, metrics -> 1);
    assertThat(Toy.metrics(softRun)).isEqualTo(Toy.metrics(hardRun));
    assertThat(Toy.metrics(copiedRun)).isEqualTo(Toy.metrics(hardRun));
    assertThat(Toy.weights(soft)).containsExactly(Toy.weights(hard));
    assertThat(Toy.weights(copied)).containsExactly(Toy.weights(hard));
  }

  @Example
  void a_rule_that_mixes_nothing_is_the_fixed_reference() {
    Policy fixed = Toy.policy();
    Policy still = Toy.policy();
    TrainingResult fixedRun = run(fixed, TR.fixed());
    TrainingResult stillRun = run(still, metrics -> 0);
    assertThat(Toy.metrics(stillRun, name -> !name.startsWith("initial/")))
        .isEqualTo(Toy.metrics(fixedRun, name -> !name.startsWith("initial/")));
    assertThat(Toy.weights(still)).containsExactly(Toy.weights(fixed));
    assertThat(still.reference().values("logits")).containsExactly(Toy.weights(Toy.policy()));
  }

  @Example
  void each_rule_makes_another_run() {
    List<double[]> ends = new ArrayList<>();
    for (ReferencePolicy rule :
        List.of(
            TR.fixed(),
            TR.soft(0.6),
            TR.soft(0.6).warmup(5),
            TR.hard(3).from(4),
            TR.hard(1),
            TR.hard(2).growth(1.5),
            TR.hardEpochs(1),
            TR.mixed(0.6, 3),
            TR.distance(0.02))) {
      Policy policy = Toy.policy();
      run(policy, rule);
      ends.add(Toy.weights(policy));
    }
    assertThat(ends).doesNotHaveDuplicates();
  }

  /** {@code ref_t = (1−α)^t θ_0 + Σ_s α (1−α)^(t−s) θ_s}. */
  @Example
  void after_each_step_the_soft_reference_is_the_weighted_mean_of_all_policies_so_far() {
    double alpha = 0.6;
    Policy policy = Toy.policy();
    List<double[]> thetas = new ArrayList<>(List.of(Toy.weights(policy)));
    watch(
        policy,
        TR.soft(alpha),
        metrics -> {
          thetas.add(Toy.weights(policy));
          int t = (int) metrics.step();
          double[] expected = new double[thetas.get(0).length];
          for (int i = 0; i < expected.length; i++) {
            expected[i] = Math.pow(1 - alpha, t) * thetas.get(0)[i];
            for (int s = 1; s <= t; s++) {
              expected[i] += alpha * Math.pow(1 - alpha, t - s) * thetas.get(s)[i];
            }
          }
          assertThat(policy.reference().values("logits"))
              .containsExactly(expected, within(1e-13))
              .isNotEqualTo(thetas.get(t));
          assertThat(metrics.get("reference/weight")).isEqualTo(alpha);
        });
    assertThat(thetas).hasSize(1 + 12).doesNotHaveDuplicates();
  }

  @Example
  void a_mixed_reference_moves_at_every_tau_th_step_only() {
    Policy policy = Toy.policy();
    List<double[]> references = new ArrayList<>(List.of(Toy.weights(policy)));
    watch(
        policy,
        TR.mixed(0.25, 5),
        metrics -> {
          double[] expected = references.get(references.size() - 1).clone();
          if (metrics.step() % 5 == 0) {
            double[] theta = Toy.weights(policy);
            for (int i = 0; i < expected.length; i++) {
              expected[i] = 0.25 * theta[i] + 0.75 * expected[i];
            }
          }
          assertThat(policy.reference().values("logits")).containsExactly(expected, within(1e-14));
          assertThat(metrics.get("reference/weight")).isEqualTo(metrics.step() % 5 == 0 ? 0.25 : 0);
          references.add(policy.reference().values("logits"));
        });
  }

  @Example
  void a_rule_may_look_at_the_step_it_follows() {
    List<Long> asked = new ArrayList<>();
    run(
        Toy.policy(),
        metrics -> {
          asked.add(metrics.step());
          assertThat(metrics.loss()).isPositive();
          assertThat(metrics.has("rewards/margins")).isTrue();
          return metrics.gradNorm() > 0.1 ? 0.5 : 0;
        });
    assertThat(asked).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
  }

  @Example
  void a_reference_by_distance_moves_exactly_when_the_policy_went_too_far() {
    Policy policy = Toy.policy();
    List<Double> weights = new ArrayList<>();
    double[][] expected = {Toy.weights(policy)};
    watch(
        policy,
        TR.distance(0.02).alpha(0.5),
        metrics -> {
          double distance = Math.abs(metrics.get("logratios/reference"));
          assertThat(metrics.get("reference/distance")).isEqualTo(distance);
          weights.add(metrics.get("reference/weight"));
          if (distance > 0.02) {
            double[] theta = Toy.weights(policy);
            double[] mixed = expected[0].clone();
            Arrays.setAll(mixed, i -> mixed[i] + 0.5 * (theta[i] - mixed[i]));
            expected[0] = mixed;
          }
          assertThat(policy.reference().values("logits")).containsExactly(expected[0]);
        });
    assertThat(weights).contains(0.5).contains(0.0);
  }

  @Example
  void a_rule_finds_what_it_remembered_among_the_metrics_of_the_step_before() {
    List<StepMetrics> given = new ArrayList<>(List.of(StepMetrics.start()));
    ReferencePolicy counting =
        new ReferencePolicy() {
          @Override
          public ImmutableMap<String, Double> memoryAfter(StepMetrics metrics, StepMetrics before) {
            assertThat(before).isEqualTo(given.get(given.size() - 1));
            double sum = before.values().getOrDefault("reference/sum", 0.0);
            return ImmutableMap.of("reference/sum", sum + metrics.step());
          }

          @Override
          public double weightAfter(StepMetrics metrics) {
            return metrics.get("reference/sum") % 2;
          }
        };
    watch(Toy.policy(), counting, given::add);
    assertThat(given.stream().mapToDouble(step -> step.get("reference/weight")).toArray())
        .startsWith(1, 1, 1, 0, 0, 1, 1, 0, 0);
    assertThat(given.get(12).get("reference/sum")).isEqualTo(78);
  }

  @Example
  void a_copy_earlier_than_promised_is_reported() {
    assertThatThrownBy(() -> run(Toy.policy(), promising(metrics -> 1, 4)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "the reference rule liar promised the weight 0.0 after step 1 but asks for 1.0;"
                + " nextCopyAfter must be empty for a rule that cannot promise");
  }

  @Example
  void a_copy_that_was_promised_and_does_not_come_is_reported() {
    assertThatThrownBy(() -> run(Toy.policy(), promising(metrics -> 0, 4)))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("promised the weight 1.0 after step 4 but asks for 0.0");
  }

  @Example
  void a_promise_that_lies_in_the_past_is_reported() {
    ReferencePolicy rule = promising(metrics -> metrics.step() == 4 ? 1 : 0, 4);
    assertThatThrownBy(() -> run(Toy.policy(), rule))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("the reference rule liar promised its next copy after step 4 to be")
        .hasMessageContaining("at step 4");
  }

  @Example
  void a_weight_outside_zero_to_one_is_refused() {
    for (double weight : new double[] {-0.1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> run(Toy.policy(), promising(metrics -> weight, 0)))
          .isInstanceOf(TrainingException.class)
          .hasMessage(
              "the reference rule liar asks for the weight %s after step 1; it must lie in [0, 1]",
              weight);
    }
  }

  private static TrainingResult run(Policy policy, ReferencePolicy rule) {
    return Toy.trainer(policy, 8).reference(rule).epochs(4).build().train();
  }

  private static void watch(Policy policy, ReferencePolicy rule, StepWatcher watcher) {
    Toy.trainer(policy, 8)
        .reference(rule)
        .epochs(4)
        .listener(
            new TrainingListener() {
              @Override
              public void onStep(StepMetrics metrics) {
                watcher.after(metrics);
              }
            })
        .build()
        .train();
  }

  private interface StepWatcher {
    void after(StepMetrics metrics);
  }

  /** A rule that promises a copy after one step for ever, or nothing if that step is 0. */
  private static ReferencePolicy promising(ReferencePolicy weights, long copy) {
    return new ReferencePolicy() {
      @Override
      public double weightAfter(StepMetrics metrics) {
        return weights.weightAfter(metrics);
      }

      @Override
      public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
        return copy == 0 ? OptionalLong.empty() : OptionalLong.of(copy);
      }

      @Override
      public String toString() {
        return "liar";
      }
    };
  }
}
