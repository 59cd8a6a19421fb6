package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class FDivergenceTest {

  @Property
  void slopes_are_those_of_the_links(
      @ForAll("divergences") FDivergence divergence,
      @ForAll @DoubleRange(min = -20, max = 20) double x) {
    double h = 1e-3;
    double byDifferences =
        (8 * (divergence.link(x + h) - divergence.link(x - h))
                - (divergence.link(x + 2 * h) - divergence.link(x - 2 * h)))
            / (12 * h);
    double size = divergence.slope(x) + 1e-5 * (1 + Math.abs(divergence.link(x)));
    assertThat(divergence.slope(x)).isCloseTo(byDifferences, within(1e-6 * size));
  }

  @Property
  void links_grow_through_zero_and_are_finite_far_out(
      @ForAll("divergences") FDivergence divergence,
      @ForAll @DoubleRange(min = -1e4, max = 1e4) double x,
      @ForAll @DoubleRange(min = 0, max = 100) double more) {
    assertThat(divergence.link(0)).isCloseTo(0, within(1e-16));
    assertThat(divergence.link(x + more)).isGreaterThanOrEqualTo(divergence.link(x)).isFinite();
    assertThat(divergence.slope(x)).isFinite().isNotNegative();
  }

  /** {@code f′(t) − f′(1)} at the ratio {@code t = e^x}, in the textbook's form. */
  @Property
  void they_are_the_derivatives_of_their_divergences(
      @ForAll @DoubleRange(min = -5, max = 5) double x) {
    double t = Math.exp(x);
    assertThat(FDivergence.reverseKl().link(x)).isEqualTo(x);
    assertThat(FDivergence.forwardKl().link(x)).isCloseTo(1 - 1 / t, within(1e-12 * (1 + 1 / t)));
    assertThat(FDivergence.jensenShannon().link(x))
        .isCloseTo(Math.log(2 * t / (1 + t)), within(1e-14));
    assertThat(FDivergence.alpha(0.5).link(x))
        .isCloseTo((1 / Math.sqrt(t) - 1) / -0.5, within(1e-13 * (1 + 1 / t)));
    assertThat(FDivergence.alpha(3).link(x))
        .isCloseTo((t * t - 1) / 2, within(1e-13 * (1 + t * t)));
  }

  @Property
  void the_alpha_divergences_hold_both_kls(@ForAll @DoubleRange(min = -9, max = 9) double x) {
    assertThat(FDivergence.alpha(1)).isEqualTo(FDivergence.reverseKl());
    assertThat(FDivergence.alpha(0)).isEqualTo(FDivergence.forwardKl());
    assertThat(FDivergence.alpha(1 - 1e-9).link(x)).isCloseTo(x, within(1e-7));
    assertThat(FDivergence.alpha(1e-9).link(x))
        .isCloseTo(FDivergence.forwardKl().link(x), within(1e-6 * Math.exp(Math.abs(x))));
  }

  /** 6e34, and as a gradient it fits into single precision. */
  @Example
  void exponents_are_capped_at_eighty() {
    double most = FDivergence.forwardKl().link(-80);
    assertThat(FDivergence.forwardKl().link(-80.5)).isEqualTo(most).isEqualTo(-Math.expm1(80));
    assertThat(FDivergence.forwardKl().slope(-80)).isEqualTo(Math.exp(80)).isLessThan(1e35);
    assertThat(FDivergence.forwardKl().slope(-80.5)).isZero();
    assertThat(FDivergence.alpha(1.5).link(1e4)).isEqualTo(2 * Math.expm1(80));
    assertThat(FDivergence.alpha(1.5).slope(160)).isEqualTo(Math.exp(80));
    assertThat(FDivergence.alpha(1.5).slope(161)).isZero();
  }

  @Example
  void they_tell_their_names() {
    assertThat(FDivergence.reverseKl()).hasToString("reverse-kl");
    assertThat(FDivergence.forwardKl()).hasToString("forward-kl");
    assertThat(FDivergence.jensenShannon()).hasToString("js");
    assertThat(FDivergence.alpha(0.5)).hasToString("alpha:0.5");
  }

  @Example
  void an_alpha_that_is_no_number_is_refused() {
    for (double alpha : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> FDivergence.alpha(alpha))
          .withMessage("alpha must be a finite number, not " + alpha);
    }
  }

  @Provide
  static Arbitrary<FDivergence> divergences() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            FDivergence.reverseKl(), FDivergence.forwardKl(), FDivergence.jensenShannon()),
        Scored.between(-1, 3).map(FDivergence::alpha));
  }
}
