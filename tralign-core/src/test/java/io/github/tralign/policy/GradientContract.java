package io.github.tralign.policy;

import static io.github.tralign.policy.SeamTools.descend;
import static io.github.tralign.policy.SeamTools.dot;
import static io.github.tralign.policy.SeamTools.shrink;
import static io.github.tralign.policy.SeamTools.tokenWeights;
import static io.github.tralign.policy.SeamTools.values;
import static io.github.tralign.policy.SeamTools.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.data.PreferenceBatch;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What {@link Policy#accumulate} must do.
 *
 * <p>A gradient is read from the weights before and after a step that is plain gradient descent,
 * and compared with differences of scores.
 */
abstract class GradientContract extends ScoringContract {

  @Test
  void the_objective_is_asked_once_with_the_scores_of_the_policy() {
    Policy policy = open();
    double[] scores = policy.score(batch(), Weights.POLICY).values();
    AtomicInteger asked = new AtomicInteger();
    policy.accumulate(
        batch(),
        handed -> {
          asked.incrementAndGet();
          assertClose(handed.values(), scores);
          return TokenGradient.of(new double[scores.length]);
        });
    assertThat(asked).hasValue(1);
  }

  @Test
  void the_gradient_predicts_how_scores_change_along_any_gradient() {
    double[] weights = tokenWeights(batch(), 1);
    Policy policy = open();
    Map<String, double[]> start = values(policy, Weights.POLICY);
    policy.accumulate(batch(), scores -> TokenGradient.of(weights));
    double norm = policy.step(descend(1));
    Map<String, double[]> descended = values(policy, Weights.POLICY); // start − gradient
    for (int seed = 1; seed <= 4; seed++) { // the first one is the gradient itself
      double[] along = tokenWeights(batch(), seed);
      double rate = stride() / norm(along);
      Policy ahead = moved(along, -1, rate);
      Policy back = moved(along, 1, rate);
      double measured = weighted(ahead, batch(), weights) - weighted(back, batch(), weights);
      double predicted =
          dot(descended, start, values(back, Weights.POLICY), values(ahead, Weights.POLICY));
      assertThat(measured)
          .as("change along gradient %d", seed)
          .isCloseTo(predicted, within(differenceError() * 2 * stride() * norm));
    }
  }

  /** The gradients above say nothing of a parameter that all of them miss; here every one moves. */
  @Test
  void the_gradient_predicts_how_scores_change_when_all_weights_shrink() {
    double[] weights = tokenWeights(batch(), 1);
    Policy policy = open();
    Map<String, double[]> start = values(policy, Weights.POLICY);
    policy.accumulate(batch(), scores -> TokenGradient.of(weights));
    policy.step(descend(1));
    Map<String, double[]> descended = values(policy, Weights.POLICY);
    Policy once = open();
    double share = stride() / 4;
    once.step(shrink(share));
    Policy twice = open();
    twice.step(shrink(2 * share));
    double measured =
        2 * weighted(once, batch(), weights)
            - 1.5 * weighted(open(), batch(), weights)
            - 0.5 * weighted(twice, batch(), weights);
    double predicted = dot(descended, start, start, values(once, Weights.POLICY));
    double size =
        Math.sqrt(dot(start, values(twice, Weights.POLICY), start, values(twice, Weights.POLICY)));
    double norm = Math.sqrt(dot(descended, start, descended, start));
    assertThat(measured).isCloseTo(predicted, within(differenceError() * size * norm));
  }

  @Test
  void the_step_returns_the_norm_of_the_gradient() {
    Policy policy = open();
    Map<String, double[]> before = values(policy, Weights.POLICY);
    accumulate(policy, batch());
    double norm = policy.step(descend(1));
    Map<String, double[]> after = values(policy, Weights.POLICY);
    assertThat(norm).isPositive();
    assertRelative(Math.sqrt(dot(before, after, before, after)), norm, 10);
  }

  @Test
  void gradients_of_slices_add_up_to_that_of_the_whole() {
    Policy whole = open();
    accumulate(whole, batch());
    Policy sliced = open();
    double[] weights = tokenWeights(batch(), 1);
    int first = 0;
    for (PreferenceBatch slice : batch().microBatches(12)) {
      int start = first;
      first += slice.completionTokens();
      int end = first;
      sliced.accumulate(slice, scores -> TokenGradient.of(Arrays.copyOfRange(weights, start, end)));
    }
    assertRelative(sliced.step(descend(1)), whole.step(descend(1)), 1);
    assertClose(values(sliced, Weights.POLICY), values(whole, Weights.POLICY));
  }

  @Test
  void discarded_gradients_are_gone() {
    Policy policy = open();
    Map<String, double[]> before = values(policy, Weights.POLICY);
    accumulate(policy, batch());
    policy.discardGradients();
    assertThat(policy.step(descend(1))).isZero();
    assertSame(values(policy, Weights.POLICY), before);
  }

  private double norm(double[] weights) {
    Policy policy = open();
    policy.accumulate(batch(), scores -> TokenGradient.of(weights));
    return policy.step(descend(0));
  }

  private Policy moved(double[] weights, int sign, double rate) {
    Policy policy = open();
    policy.accumulate(
        batch(),
        scores -> TokenGradient.of(Arrays.stream(weights).map(weight -> sign * weight).toArray()));
    policy.step(descend(rate));
    return policy;
  }

  /**
   * How far the weights are moved for a difference: far enough to be seen above the rounding, near
   * enough for the third derivative not to matter. 0.001 to 0.002.
   */
  private double stride() {
    return Math.min(0.002, Math.cbrt(tolerance()));
  }

  /** Relative error of a central difference: that of its third derivative and that of rounding. */
  private double differenceError() {
    return Math.max(10 * stride() * stride(), 100 * tolerance());
  }
}
