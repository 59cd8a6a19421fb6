package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class CalDpoLossTest {

  /** {@code log 2 + c/(2β²)}, with the pull {@code ∓(½ + c/β)}. */
  @Property
  void where_policy_and_reference_agree_contrast_and_calibration_pull_the_same_way(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0, max = 2) double c) {
    PairTerm term = at(TR.calDpo(beta).calibration(c), 0, 0);
    double value = Math.log(2) + c / (2 * beta * beta);
    assertThat(term.value()).isCloseTo(value, within(1e-14 * value));
    assertThat(term.chosen()).isCloseTo(-0.5 - c / beta, within(1e-13 / beta));
    assertThat(term.rejected()).isCloseTo(0.5 + c / beta, within(1e-13 / beta));
  }

  @Property
  void without_calibration_it_is_dpo_of_beta_one(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    PairTerm dpo = TR.dpo(1).at(ScoredPair.of(Scored.of(a), Scored.of(b)));
    PairTerm term = at(TR.calDpo(0.1).calibration(0), a, b);
    assertThat(term.value()).isEqualTo(dpo.value());
    assertThat(term.chosen()).isEqualTo(dpo.chosen());
    assertThat(term.rejected()).isEqualTo(dpo.rejected());
  }

  /** The calibration is SPPO's loss with hard labels. */
  @Property
  void calibration_draws_the_log_ratios_to_their_targets(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    PairTerm dpo = TR.dpo(1).at(ScoredPair.of(Scored.of(a), Scored.of(b)));
    PairTerm hard = TR.sppoHard(0.1).at(ScoredPair.of(Scored.of(a), Scored.of(b)));
    PairTerm term = at(TR.calDpo(0.1).calibration(3), a, b);
    assertThat(term.value())
        .isCloseTo(dpo.value() + 3 * hard.value(), within(1e-13 * term.value()));
    assertThat(term.chosen()).isCloseTo(dpo.chosen() + 3 * hard.chosen(), within(1e-11));
    assertThat(term.rejected()).isCloseTo(dpo.rejected() + 3 * hard.rejected(), within(1e-11));
  }

  @Example
  void a_weight_of_the_calibration_outside_its_range_is_refused() {
    for (double weight : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.calDpo(0.1).calibration(weight))
          .withMessage("calibration must be a number >= 0, not " + weight);
    }
  }

  private static PairTerm at(CalDpoLoss loss, double a, double b) {
    return loss.at(ScoredPair.of(Scored.of(a), Scored.of(b)));
  }
}
