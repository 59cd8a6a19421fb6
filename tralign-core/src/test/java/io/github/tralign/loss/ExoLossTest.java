package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.bernoulliKl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class ExoLossTest {

  private static final String SMOOTHING = "label smoothing must lie in (0, 0.5), not be ";

  @Property
  void it_is_zero_and_at_rest_at_the_odds_of_the_label(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0.01, max = 0.49) double e) {
    ExoLoss loss = TR.exo(beta).labelSmoothing(e);
    double least = Math.log((1 - e) / e) / beta;
    assertThat(loss.value(least)).isCloseTo(0, within(1e-14));
    assertThat(loss.slope(least)).isCloseTo(0, within(1e-14));
    assertThat(loss.value(least + 1 / beta)).isPositive();
    assertThat(loss.value(least - 1 / beta)).isPositive();
    assertThat(loss.slope(least + 1 / beta)).isPositive();
    assertThat(loss.slope(least - 1 / beta)).isNegative();
  }

  /** {@code −log 2 − ½ log ε(1−ε)}, with the slope {@code −β/4 · log((1−ε)/ε)}. */
  @Property
  void where_policy_and_reference_agree_a_fair_coin_meets_the_label(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0.01, max = 0.49) double e) {
    ExoLoss loss = TR.exo(beta).labelSmoothing(e);
    assertThat(loss.value(0)).isCloseTo(-Math.log(2) - Math.log(e * (1 - e)) / 2, within(1e-13));
    assertThat(loss.slope(0)).isCloseTo(-beta / 4 * Math.log((1 - e) / e), within(1e-13 * beta));
  }

  /**
   * DPO is {@code KL(label ‖ policy)} and the label's entropy, this is {@code KL(policy ‖ label)}.
   */
  @Property
  void it_is_the_divergence_of_dpo_the_other_way_round(
      @ForAll @DoubleRange(min = -100, max = 100) double h,
      @ForAll @DoubleRange(min = 0.01, max = 0.49) double e) {
    double label = Math.log((1 - e) / e);
    double entropy = -(1 - e) * Math.log(1 - e) - e * Math.log(e);
    assertThat(TR.exo(0.3).labelSmoothing(e).value(h))
        .isCloseTo(bernoulliKl(0.3 * h, label), within(1e-13));
    assertThat(TR.dpo(0.3).labelSmoothing(e).value(h))
        .isCloseTo(bernoulliKl(label, 0.3 * h) + entropy, within(1e-13));
  }

  @Example
  void a_pair_that_is_far_off_is_given_up() {
    ExoLoss loss = TR.exo(0.5);
    assertThat(loss.value(-1e4)).isCloseTo(-Math.log(1e-3), within(1e-14));
    assertThat(loss.value(1e4)).isCloseTo(-Math.log1p(-1e-3), within(1e-14));
    assertThat(Math.abs(loss.slope(-1e4))).isZero();
    assertThat(loss.slope(1e4)).isZero();
  }

  @Example
  void a_label_smoothing_outside_its_range_is_refused() {
    for (double smoothing : new double[] {0, -0.1, 0.5, 1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.exo(0.1).labelSmoothing(smoothing))
          .withMessage(SMOOTHING + smoothing);
    }
  }
}
