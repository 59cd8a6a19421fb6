package io.github.tralign.testkit;

import static io.github.tralign.testkit.PolicyTools.descend;
import static io.github.tralign.testkit.PolicyTools.dot;
import static io.github.tralign.testkit.PolicyTools.shrink;
import static io.github.tralign.testkit.PolicyTools.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What {@link Policy#accumulate} must do.
 *
 * <p>A gradient is the difference of the weights before and after a step of plain gradient descent.
 * It is compared with finite differences of scores.
 */
abstract class GradientContract extends ScoringContract {

  @Test
  void the_objective_is_called_once_with_the_scores_of_the_policy() {
    Policy policy = open();
    double[] scores = policy.score(batch()).values();
    AtomicInteger calls = new AtomicInteger();
    policy.accumulate(
        batch(),
        handed -> {
          calls.incrementAndGet();
          assertClose(handed.values(), scores);
          return TokenGradient.of(new double[scores.length]);
        });
    assertThat(calls).hasValue(1);
  }

  @Test
  void the_gradient_predicts_how_scores_change_along_any_gradient() {
    assertPredictedAlongGradients(this::open, LinearObjective.ofLogProbs(batch(), 1));
  }

  /**
   * The test above cannot detect a parameter that all gradients miss; here all parameters change.
   */
  @Test
  void the_gradient_predicts_how_scores_change_when_all_weights_shrink() {
    assertPredictedWhenShrinking(this::open, LinearObjective.ofLogProbs(batch(), 1));
  }

  @Test
  void the_step_returns_the_norm_of_the_gradient() {
    Policy policy = open();
    Map<String, double[]> before = values(policy);
    accumulate(policy, batch());
    double norm = policy.step(descend(1));
    Map<String, double[]> after = values(policy);
    assertThat(norm).isPositive();
    assertRelative(Math.sqrt(dot(before, after, before, after)), norm, 10);
  }

  @Test
  void gradients_of_slices_add_up_to_that_of_the_whole() {
    Policy whole = open();
    Map<String, double[]> before = values(whole);
    accumulate(whole, batch());
    Policy sliced = open();
    accumulateSlices(sliced, LinearObjective.ofLogProbs(batch(), 1));
    assertRelative(sliced.step(descend(1)), whole.step(descend(1)), 1);
    assertSameMove(before, values(sliced), values(whole));
  }

  @Test
  void discarded_gradients_have_no_effect() {
    Policy policy = open();
    Map<String, double[]> before = values(policy);
    accumulate(policy, batch());
    policy.discardGradients();
    assertThat(policy.step(descend(1))).isZero();
    assertSame(values(policy), before);
  }

  /** Adds the gradient of an objective, slice by slice. */
  final void accumulateSlices(Policy policy, LinearObjective objective) {
    int first = 0;
    for (PreferenceBatch slice : batch().microBatches(12)) {
      objective.slice(first, first + slice.completionTokens()).accumulate(policy, slice);
      first += slice.completionTokens();
    }
  }

  /**
   * Central differences of an objective along gradients of log-probabilities.
   *
   * @param start makes a new policy, always with the same weights
   */
  final void assertPredictedAlongGradients(Supplier<Policy> start, LinearObjective objective) {
    Policy policy = start.get();
    Map<String, double[]> before = values(policy);
    objective.accumulate(policy, batch());
    double norm = policy.step(descend(1));
    Map<String, double[]> descended = values(policy); // before − gradient
    for (int seed = 1; seed <= 4; seed++) {
      LinearObjective along = LinearObjective.ofLogProbs(batch(), seed);
      double rate = stride() / norm(start.get(), along);
      Policy ahead = moved(start.get(), along.negative(), rate);
      Policy back = moved(start.get(), along, rate);
      double measured = objective.value(ahead, batch()) - objective.value(back, batch());
      double predicted = dot(descended, before, values(back), values(ahead));
      assertThat(measured)
          .as("change along gradient %d", seed)
          .isCloseTo(predicted, within(differenceError() * 2 * stride() * norm));
    }
  }

  /**
   * Differences of an objective when all weights shrink.
   *
   * @param start makes a new policy, always with the same weights
   */
  final void assertPredictedWhenShrinking(Supplier<Policy> start, LinearObjective objective) {
    Policy policy = start.get();
    Map<String, double[]> before = values(policy);
    objective.accumulate(policy, batch());
    policy.step(descend(1));
    Map<String, double[]> descended = values(policy);
    double share = stride() / 4;
    Policy once = start.get();
    once.step(shrink(share));
    Policy twice = start.get();
    twice.step(shrink(2 * share));
    double measured =
        2 * objective.value(once, batch())
            - 1.5 * objective.value(start.get(), batch())
            - 0.5 * objective.value(twice, batch());
    double predicted = dot(descended, before, before, values(once));
    Map<String, double[]> shrunk = values(twice);
    double size = Math.sqrt(dot(before, shrunk, before, shrunk));
    double norm = Math.sqrt(dot(descended, before, descended, before));
    assertThat(measured).isCloseTo(predicted, within(differenceError() * size * norm));
  }

  private double norm(Policy policy, LinearObjective objective) {
    objective.accumulate(policy, batch());
    return policy.step(descend(0));
  }

  private Policy moved(Policy policy, LinearObjective down, double rate) {
    down.accumulate(policy, batch());
    policy.step(descend(rate));
    return policy;
  }

  /**
   * The step size of finite differences, 0.001 to 0.002: large compared with rounding errors, but
   * small enough for the third derivative not to matter.
   */
  private double stride() {
    return Math.min(0.002, Math.cbrt(tolerance()));
  }

  /** The relative error of a central difference, from the third derivative and from rounding. */
  private double differenceError() {
    return Math.max(10 * stride() * stride(), 100 * tolerance());
  }
}
