package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class DpopLossTest {

  @Property
  void it_is_dpo_as_long_as_the_chosen_completion_is_no_less_probable(
      @ForAll @DoubleRange(min = 0, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    assertThat(at(TR.dpop(0.1), a, b)).isEqualTo(dpo(a, b));
  }

  @Property
  void without_a_penalty_it_is_dpo(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    assertThat(at(TR.dpop(0.1).penalty(0), a, b)).isEqualTo(dpo(a, b));
  }

  /** The penalty stands inside of the sigmoid. */
  @Property
  void a_chosen_completion_that_became_less_probable_takes_from_the_margin(
      @ForAll @DoubleRange(min = -500, max = -0.01) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b,
      @ForAll @DoubleRange(min = 0, max = 50) double penalty) {
    PairTerm term = at(TR.dpop(0.1).penalty(penalty), a, b);
    double margin = a - b + penalty * a;
    double slope = TR.dpo(0.1).slope(margin);
    assertThat(term.value()).isCloseTo(TR.dpo(0.1).value(margin), within(1e-11));
    assertThat(term.chosen()).isCloseTo(slope * (1 + penalty), within(1e-11));
    assertThat(term.rejected()).isCloseTo(-slope, within(1e-12));
  }

  @Example
  void a_run_starts_as_dpo() {
    assertThat(at(TR.dpop(0.1), 0, 0)).isEqualTo(new PairTerm(Math.log(2), -0.05, 0.05));
  }

  @Example
  void a_penalty_outside_its_range_is_refused() {
    for (double penalty : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.dpop(0.1).penalty(penalty))
          .withMessage("penalty must be a number >= 0, not " + penalty);
    }
  }

  private static PairTerm at(DpopLoss loss, double a, double b) {
    return loss.at(ScoredPair.of(Scored.of(a), Scored.of(b)));
  }

  private static PairTerm dpo(double a, double b) {
    return TR.dpo(0.1).at(ScoredPair.of(Scored.of(a), Scored.of(b)));
  }
}
