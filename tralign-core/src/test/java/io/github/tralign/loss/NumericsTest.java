package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.bernoulliKl;
import static io.github.tralign.loss.Numerics.log1mexp;
import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;
import static io.github.tralign.loss.Numerics.square;
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

  @Property
  void the_divergence_of_coins_is_that_of_the_textbook(
      @ForAll @DoubleRange(min = -15, max = 15) double x,
      @ForAll @DoubleRange(min = -15, max = 15) double y) {
    double p = sigmoid(x);
    double q = sigmoid(y);
    double textbook = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    assertThat(bernoulliKl(x, y)).isCloseTo(textbook, within(1e-8 * (1 + textbook)));
    assertThat(bernoulliKl(-x, -y)).isEqualTo(bernoulliKl(x, y));
    assertThat(bernoulliKl(x, x)).isZero();
  }

  @Example
  void the_divergence_of_coins_is_finite_far_out() {
    assertThat(bernoulliKl(1e4, -1e4)).isEqualTo(1e4);
    assertThat(bernoulliKl(-1e4, 1e4)).isEqualTo(1e4);
    assertThat(bernoulliKl(0, 1e4)).isCloseTo(5e3 - Math.log(2), within(1e-11));
    assertThat(bernoulliKl(1e4, 0)).isCloseTo(Math.log(2), within(1e-15));
  }

  @Example
  void a_square_is_a_square() {
    assertThat(square(-3)).isEqualTo(9);
  }

  @Property
  void log1mexp_is_the_logarithm_of_the_rest(
      @ForAll @DoubleRange(min = -30, max = -0.01) double x) {
    assertThat(Math.exp(log1mexp(x)) + Math.exp(x)).isCloseTo(1, within(1e-15));
  }

  @Example
  void log1mexp_keeps_its_digits_at_both_ends() {
    assertThat(log1mexp(-1e-300)).isCloseTo(Math.log(1e-300), within(1e-12));
    assertThat(log1mexp(-700)).isEqualTo(-Math.exp(-700));
    assertThat(log1mexp(-1e4)).isZero();
    assertThat(log1mexp(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(log1mexp(1e-9)).isNaN();
  }
}
