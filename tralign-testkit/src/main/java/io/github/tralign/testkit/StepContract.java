package io.github.tralign.testkit;

import static io.github.tralign.testkit.PolicyTools.adamW;
import static io.github.tralign.testkit.PolicyTools.descend;
import static io.github.tralign.testkit.PolicyTools.dot;
import static io.github.tralign.testkit.PolicyTools.shrink;
import static io.github.tralign.testkit.PolicyTools.tokenWeights;
import static io.github.tralign.testkit.PolicyTools.values;
import static io.github.tralign.testkit.PolicyTools.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link Policy#step} must do. */
abstract class StepContract extends StatisticsContract {

  @Test
  void a_step_discards_the_gradients() {
    Policy policy = open();
    accumulate(policy, batch());
    policy.step(descend(0.1));
    Map<String, double[]> before = values(policy);
    assertThat(policy.step(descend(0.1))).isZero();
    assertSame(values(policy), before);
  }

  @Test
  void a_gradient_that_is_not_finite_changes_nothing() {
    Policy spoiled = open();
    Policy sound = open();
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      accumulate(spoiled, batch());
      spoiled.step(adamW(1e-2));
      accumulate(sound, batch());
      sound.step(adamW(1e-2));
      double[] weights = tokenWeights(batch(), 2);
      weights[3] = bad;
      spoiled.accumulate(batch(), scores -> TokenGradient.of(weights));
      assertThat(Double.isFinite(spoiled.step(adamW(1e-2)))).isFalse();
    }
    accumulate(spoiled, batch());
    accumulate(sound, batch());
    assertThat(spoiled.step(adamW(1e-2))).isEqualTo(sound.step(adamW(1e-2)));
    assertSame(values(spoiled), values(sound));
  }

  @Test
  void a_long_gradient_is_clipped_to_the_norm_and_a_short_one_is_not() {
    Policy free = open();
    Map<String, double[]> before = values(free);
    accumulate(free, batch());
    double norm = free.step(descend(1));
    for (double limit : new double[] {norm / 4, norm * 4}) {
      Policy clipped = open();
      accumulate(clipped, batch());
      double returned =
          clipped.step(new OptimizerStep(descend(1).learningRate(), limit, descend(1).adamW()));
      Map<String, double[]> after = values(clipped);
      assertRelative(returned, norm, 1);
      assertThat(Math.sqrt(dot(before, after, before, after)))
          .isCloseTo(Math.min(norm, limit), within((1e-5 + 10 * tolerance()) * norm));
    }
  }

  @Test
  void the_first_step_of_adam_moves_each_weight_by_the_learning_rate() {
    Policy policy = open();
    Map<String, double[]> before = values(policy);
    accumulate(policy, batch());
    policy.step(descend(1));
    Map<String, double[]> descended = values(policy);
    Policy adam = open();
    accumulate(adam, batch());
    adam.step(adamW(1e-2));
    Map<String, double[]> after = values(adam);
    assertFirstAdamStep(1e-2, before.keySet(), before, descended, after);
  }

  @Test
  void weight_decay_shrinks_every_weight() {
    Policy policy = open();
    Map<String, double[]> expected = values(policy);
    expected.values().forEach(row -> Arrays.setAll(row, i -> row[i] * (1 - 0.1)));
    policy.step(shrink(0.1));
    assertClose(values(policy), expected);
  }

  @Test
  void a_small_step_makes_the_objective_smaller() {
    Policy policy = open();
    double[] weights = tokenWeights(batch(), 1);
    double last = weighted(policy, batch(), weights);
    for (int step = 0; step < 5; step++) {
      policy.accumulate(batch(), scores -> TokenGradient.of(weights));
      policy.step(adamW(1e-3));
      double now = weighted(policy, batch(), weights);
      assertThat(now).isLessThan(last);
      last = now;
    }
  }

  @Test
  void a_step_with_the_learning_rate_zero_leaves_the_weights() {
    Policy policy = open();
    Map<String, double[]> before = values(policy);
    accumulate(policy, batch());
    policy.step(adamW(0));
    assertSame(values(policy), before);
  }

  @Test
  void the_same_calls_give_the_same_bits() {
    Policy one = open();
    Policy other = open();
    for (Policy policy : List.of(one, other)) {
      policy.copyToReference();
      for (int step = 0; step < 3; step++) {
        accumulate(policy, batch());
        policy.step(adamW(1e-2));
        policy.mixReference(0.6);
      }
    }
    assertScoresAlike(other, one);
    assertScoresAlike(other.reference(), one.reference());
  }
}
