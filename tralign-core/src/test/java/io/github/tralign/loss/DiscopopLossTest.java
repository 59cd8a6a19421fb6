package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class DiscopopLossTest {

  /** The equation as the paper has it, where it does not overflow. */
  @Property
  void it_is_the_equation_of_the_paper(
      @ForAll @DoubleRange(min = -30, max = 30) double h,
      @ForAll @DoubleRange(min = 0.05, max = 1) double tau) {
    double gate = sigmoid(h / tau);
    double value = -(1 - gate) * logSigmoid(h) + gate * Math.exp(-h);
    assertThat(TR.discopop(1).temperature(tau).value(h))
        .isCloseTo(value, within(1e-12 * (1 + value)));
  }

  /** {@code ½ (1 + log 2)}, with the slope {@code β [(1 − log 2)/(4τ) − ¾]}. */
  @Property
  void where_policy_and_reference_agree_both_parts_count_half(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0.01, max = 1) double tau) {
    DiscopopLoss loss = TR.discopop(beta).temperature(tau);
    double slope = beta * ((1 - Math.log(2)) / (4 * tau) - 0.75);
    assertThat(loss.value(0)).isCloseTo((1 + Math.log(2)) / 2, within(1e-15));
    assertThat(loss.slope(0)).isCloseTo(slope, within(1e-13 * beta / tau));
  }

  @Property
  void away_from_zero_it_is_logistic_on_the_left_and_exponential_on_the_right(
      @ForAll @DoubleRange(min = 5, max = 500) double h) {
    assertThat(TR.discopop(1).value(-h)).isCloseTo(-logSigmoid(-h), within(1e-15 * h));
    assertThat(TR.discopop(1).slope(-h)).isCloseTo(-sigmoid(h), within(1e-15));
    assertThat(TR.discopop(1).value(h)).isCloseTo(Math.exp(-h), within(1e-15));
    assertThat(TR.discopop(1).slope(h)).isCloseTo(-Math.exp(-h), within(1e-15));
  }

  @Example
  void around_zero_it_rises() {
    DiscopopLoss loss = TR.discopop(0.05);
    assertThat(loss.slope(-2.3714)).isCloseTo(0, within(1e-6));
    assertThat(loss.slope(1.4401)).isCloseTo(0, within(1e-6));
    assertThat(loss.slope(-2.4)).isNegative();
    assertThat(loss.slope(0)).isPositive();
    assertThat(loss.slope(1.5)).isNegative();
  }

  @Example
  void the_exponential_never_overflows() {
    assertThat(TR.discopop(1).value(-1e6)).isEqualTo(1e6);
    assertThat(TR.discopop(1).slope(-1e6)).isEqualTo(-1);
    assertThat(TR.discopop(1).temperature(1).value(-1e6)).isEqualTo(1e6 + 1);
  }

  @Example
  void a_temperature_outside_its_range_is_refused() {
    for (double tau : new double[] {0, -0.1, 1.001, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.discopop(0.1).temperature(tau))
          .withMessage("temperature must lie in (0, 1.0], not be " + tau);
    }
  }
}
