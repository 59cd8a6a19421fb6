package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.row.Judgement;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class KtoPairLossTest {

  @Property
  void where_policy_and_reference_agree_it_is_one_half(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta) {
    LossResult result = TR.ktoPair(beta).detached(true).evaluate(batch(new double[][] {{0, 0}}));
    assertThat(result.value()).isEqualTo(0.5);
    assertThat(result.gradient()[0]).containsExactly(-beta / 8, beta / 8);
  }

  /** Each half is held against the mean of the other, which is clamped after the mean. */
  @Example
  void it_is_the_equation_of_the_authors_code() {
    LossResult result = TR.ktoPair(0.1).evaluate(batch(new double[][] {{4, 5}, {-2, -1}}));
    double value =
        (2
                + (1 - sigmoid(0.1 * (4 - 2)))
                + (1 - sigmoid(0.1 * (-2 - 2)))
                - sigmoid(0.1 * (1 - 5))
                - sigmoid(0.1 * (1 + 1)))
            / 4;
    assertThat(result.value()).isCloseTo(value, within(1e-15));
    assertThat(result.metrics()).containsOnly(entry("kl/chosen", 1.0), entry("kl/rejected", 2.0));
  }

  /** Computed by PyTorch's autograd from the formula. */
  @Example
  void its_gradient_is_that_of_autograd() {
    LossResult result =
        TR.ktoPair(0.1).evaluate(batch(new double[][] {{4, 5}, {-2, -1}, {1.5, -0.5}}));
    assertThat(result.value()).isCloseTo(0.49982774078868125, within(1e-15));
    assertThat(result.gradient()[0])
        .containsExactly(new double[] {-0.008175244524409557, 0.008121802240383775}, within(1e-15));
    assertThat(result.gradient()[1])
        .containsExactly(new double[] {-0.008155026232089746, 0.008222676822327636}, within(1e-15));
    assertThat(result.gradient()[2])
        .containsExactly(new double[] {-0.008256603768414483, 0.008242395462202373}, within(1e-15));
  }

  @Example
  void baselines_are_clamped_at_zero() {
    LossResult result = TR.ktoPair(0.1).evaluate(batch(new double[][] {{-4, -5}, {2, 1}}));
    assertThat(result.metrics()).containsOnly(entry("kl/chosen", 0.0), entry("kl/rejected", 0.0));
  }

  @Property
  void with_baselines_that_carry_gradient_the_derivative_is_that_of_the_value(
      @ForAll @DoubleRange(min = -20, max = 20) double a,
      @ForAll @DoubleRange(min = -20, max = 20) double b,
      @ForAll @DoubleRange(min = -20, max = 20) double otherA,
      @ForAll @DoubleRange(min = -20, max = 20) double otherB) {
    double h = 1e-4;
    KtoPairLoss loss = TR.ktoPair(0.3);
    double[] slopes = loss.evaluate(batch(new double[][] {{a, b}, {otherA, otherB}})).gradient()[0];
    if (Math.abs(a + otherA) > 2 * h) { // not where the clamp bends it
      double right = loss.evaluate(batch(new double[][] {{a + h, b}, {otherA, otherB}})).value();
      double left = loss.evaluate(batch(new double[][] {{a - h, b}, {otherA, otherB}})).value();
      assertThat(slopes[0]).isCloseTo((right - left) / (2 * h), within(1e-9));
    }
    if (Math.abs(b + otherB) > 2 * h) {
      double right = loss.evaluate(batch(new double[][] {{a, b + h}, {otherA, otherB}})).value();
      double left = loss.evaluate(batch(new double[][] {{a, b - h}, {otherA, otherB}})).value();
      assertThat(slopes[1]).isCloseTo((right - left) / (2 * h), within(1e-9));
    }
  }

  @Property
  void detached_it_is_kto_held_against_the_other_half(
      @ForAll @DoubleRange(min = -20, max = 20) double a,
      @ForAll @DoubleRange(min = -20, max = 20) double b) {
    LossResult result = TR.ktoPair(0.3).detached(true).evaluate(batch(new double[][] {{a, b}}));
    CompletionTerm chosen = TR.kto(0.3).at(Scored.of(a), true, Math.max(0, b));
    CompletionTerm rejected = TR.kto(0.3).at(Scored.of(b), false, Math.max(0, a));
    assertThat(result.value()).isCloseTo((chosen.value() + rejected.value()) / 2, within(1e-15));
    assertThat(result.gradient()[0]).containsExactly(chosen.slope() / 2, rejected.slope() / 2);
  }

  @Example
  void the_value_does_not_tell_whether_it_is_detached_and_the_gradient_does() {
    ScoredBatch batch = batch(new double[][] {{4, 5}, {-2, -1}});
    LossResult carried = TR.ktoPair(0.1).evaluate(batch);
    LossResult detached = TR.ktoPair(0.1).detached(true).evaluate(batch);
    assertThat(carried.value()).isEqualTo(detached.value());
    for (int i = 0; i < 2; i++) {
      assertThat(carried.gradient()[i][0]).isLessThan(detached.gradient()[i][0]);
      assertThat(carried.gradient()[i][1]).isGreaterThan(detached.gradient()[i][1]);
    }
  }

  /** The means are then exactly 0, where PyTorch's clamp lets the gradient through. */
  @Example
  void in_the_first_step_the_gradient_goes_through_the_clamp() {
    LossResult result = TR.ktoPair(0.4).evaluate(batch(new double[][] {{0, 0}, {0, 0}}));
    for (double[] slopes : result.gradient()) {
      assertThat(slopes).containsExactly(new double[] {-0.05, 0.05}, within(1e-16));
    }
  }

  @Example
  void a_clamped_baseline_carries_no_gradient() {
    ScoredBatch batch = batch(new double[][] {{-4, -5}, {2, 1}});
    assertThat(TR.ktoPair(0.1).evaluate(batch).gradient())
        .isDeepEqualTo(TR.ktoPair(0.1).detached(true).evaluate(batch).gradient());
  }

  @Example
  void a_pair_counts_as_its_weight_says() {
    ScoredExample heavy = new ScoredExample(Scored.pair(3, 1), Judgement.NONE.weight(2));
    ScoredExample light = Scored.example(Scored.pair(3, 1));
    double value = TR.ktoPair(0.1).evaluate(ScoredBatch.of(ImmutableList.of(heavy, light))).value();
    double plain = TR.ktoPair(0.1).evaluate(ScoredBatch.of(ImmutableList.of(light, light))).value();
    assertThat(value).isCloseTo(1.5 * plain, within(1e-15));
  }

  @Example
  void its_default_is_that_of_the_authors_of_the_moving_reference() {
    assertThat(TR.ktoPair(0.1)).isEqualTo(new KtoPairLoss(0.1, false));
    assertThat(TR.ktoPair(0.1).name()).isEqualTo("kto-pair");
    assertThat(TR.ktoPair(0.1).separable()).isFalse();
    assertThat(TR.ktoPair(0.1).usesMismatched()).isFalse();
    assertThat(TR.ktoPair(0.1).reward(Scored.of(3))).isEqualTo(0.1 * 3);
  }

  @Example
  void a_beta_outside_its_range_is_refused() {
    for (double beta : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.ktoPair(beta))
          .withMessage("beta must be a number > 0, not " + beta);
    }
  }

  private static ScoredBatch batch(double[][] logRatios) {
    return Scored.batch(List.of(logRatios).stream().map(it -> Scored.pair(it[0], it[1])).toList());
  }
}
