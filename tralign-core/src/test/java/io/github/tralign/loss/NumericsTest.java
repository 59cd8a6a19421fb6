package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class NumericsTest {

  @Property
  void sigmoid_and_its_mirror_add_up_to_one(@ForAll double x) {
    assertThat(sigmoid(x)).isBetween(0.0, 1.0);
    assertThat(sigmoid(x) + sigmoid(-x)).isCloseTo(1, within(1e-15));
  }

  @Property
  void log_sigmoid_is_the_logarithm_of_sigmoid(
      @ForAll @DoubleRange(min = -700, max = 30) double x) {
    assertThat(logSigmoid(x)).isCloseTo(Math.log(sigmoid(x)), within(1e-14 * (1 + Math.abs(x))));
  }

  @Property
  void log_sigmoid_is_finite_and_never_positive(@ForAll double x) {
    assertThat(logSigmoid(x)).isFinite().isLessThanOrEqualTo(0);
  }

  /** {@code log σ(x) − log σ(−x) = x}. */
  @Property
  void log_sigmoid_is_odd_up_to_a_line(@ForAll @DoubleRange(min = -1e6, max = 1e6) double x) {
    assertThat(logSigmoid(x) - logSigmoid(-x))
        .isCloseTo(x, within(1e-15 * Math.max(1, Math.abs(x))));
  }

  @Example
  void far_out_nothing_overflows_or_is_lost() {
    assertThat(sigmoid(-745)).isPositive();
    assertThat(sigmoid(-1e9)).isZero();
    assertThat(sigmoid(1e9)).isEqualTo(1);
    assertThat(logSigmoid(-1e9)).isEqualTo(-1e9);
    assertThat(logSigmoid(700)).isNegative();
    assertThat(sigmoid(Double.NaN)).isNaN();
    assertThat(logSigmoid(Double.NaN)).isNaN();
  }
}
