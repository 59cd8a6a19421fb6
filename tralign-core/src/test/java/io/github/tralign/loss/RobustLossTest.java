package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class RobustLossTest {

  /** {@code (1−ε) L(h) + ε L(−h)} is the loss of the right label. */
  @Property
  void over_labels_that_are_wrong_at_times_it_is_dpo_on_average(
      @ForAll @DoubleRange(min = -500, max = 500) double h,
      @ForAll @DoubleRange(min = 0, max = 0.45) double e) {
    RobustLoss loss = TR.robust(0.2, e);
    double value = (1 - e) * loss.value(h) + e * loss.value(-h);
    double slope = (1 - e) * loss.slope(h) - e * loss.slope(-h);
    assertThat(value).isCloseTo(TR.dpo(0.2).value(h), within(1e-11));
    assertThat(slope).isCloseTo(TR.dpo(0.2).slope(h), within(1e-13));
  }

  @Property
  void without_wrong_labels_it_is_dpo(@ForAll @DoubleRange(min = -500, max = 500) double h) {
    assertThat(TR.robust(0.2, 0).value(h)).isEqualTo(TR.dpo(0.2).value(h));
    assertThat(TR.robust(0.2, 0).slope(h)).isEqualTo(TR.dpo(0.2).slope(h));
  }

  @Property
  void where_policy_and_reference_agree_it_is_log_two_and_steeper_than_dpo(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0, max = 0.45) double e) {
    RobustLoss loss = TR.robust(beta, e);
    double slope = -beta / 2 / (1 - 2 * e);
    assertThat(loss.value(0)).isCloseTo(Math.log(2), within(1e-14));
    assertThat(loss.slope(0)).isCloseTo(slope, within(1e-14 * -slope));
  }

  @Example
  void its_pull_never_ends() {
    RobustLoss loss = TR.robust(0.5, 0.1);
    assertThat(loss.slope(1e4)).isCloseTo(-0.5 * 0.1 / 0.8, within(1e-15));
    assertThat(loss.slope(-1e4)).isCloseTo(-0.5 * 0.9 / 0.8, within(1e-15));
    assertThat(loss.value(1e4)).isCloseTo(-1e4 * 0.5 * 0.1 / 0.8, within(1e-10));
  }

  @Example
  void a_share_of_wrong_labels_outside_its_range_is_refused() {
    for (double share : new double[] {-0.1, 0.5, 1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.robust(0.1, share))
          .withMessage("label smoothing must lie in [0, 0.5), not be " + share);
    }
  }
}
