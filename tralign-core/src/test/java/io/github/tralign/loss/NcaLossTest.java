package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class NcaLossTest {

  @Property
  void where_policy_and_reference_agree_both_are_pulled_alike(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta) {
    PairTerm term = at(beta, 0, 0);
    assertThat(term.value()).isCloseTo(2 * Math.log(2), within(1e-15));
    assertThat(term.chosen()).isEqualTo(-beta / 4);
    assertThat(term.rejected()).isEqualTo(beta / 4);
  }

  /** {@code βa = log 2}. */
  @Property
  void the_chosen_completion_is_held_near_the_reference(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = -10, max = 10) double b) {
    double least = Math.log(2) / beta;
    assertThat(at(beta, least, b).chosen()).isCloseTo(0, within(1e-15 * beta));
    assertThat(at(beta, least + 0.1, b).chosen()).isPositive();
    assertThat(at(beta, least - 0.1, b).chosen()).isNegative();
  }

  @Property
  void the_rejected_completion_is_pushed_down_wherever_it_is(
      @ForAll @DoubleRange(min = -100, max = 100) double a,
      @ForAll @DoubleRange(min = -100, max = 100) double b) {
    PairTerm term = at(0.1, a, b);
    assertThat(term.rejected()).isPositive().isLessThanOrEqualTo(0.05);
    assertThat(at(0.1, a, b - 1).value()).isLessThan(term.value());
  }

  /** Each completion has its own term. */
  @Property
  void the_pull_at_one_completion_does_not_look_at_the_other(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    assertThat(at(0.1, a, b).chosen()).isEqualTo(at(0.1, a, 0).chosen());
    assertThat(at(0.1, a, b).rejected()).isEqualTo(at(0.1, 0, b).rejected());
    assertThat(at(0.1, a, b).value())
        .isCloseTo(
            at(0.1, a, 0).value() + at(0.1, 0, b).value() - at(0.1, 0, 0).value(), within(1e-12));
  }

  private static PairTerm at(double beta, double a, double b) {
    return TR.nca(beta).at(ScoredPair.of(Scored.of(a), Scored.of(b)));
  }
}
