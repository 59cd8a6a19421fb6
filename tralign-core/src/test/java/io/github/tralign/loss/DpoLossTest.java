package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class DpoLossTest {

  @Property
  void where_policy_and_reference_agree_it_is_log_two(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0, max = 0.49) double smoothing) {
    PairTerm term = at(new DpoLoss(beta, smoothing), 0);
    assertThat(term.value()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(term.chosen()).isCloseTo(-beta * (0.5 - smoothing), within(1e-15 * beta));
  }

  @Property
  void it_falls_as_the_margin_grows(
      @ForAll @DoubleRange(min = -500, max = 500) double h,
      @ForAll @DoubleRange(min = 0.01, max = 10) double more) {
    assertThat(at(TR.dpo(0.1), h + more).value()).isLessThan(at(TR.dpo(0.1), h).value());
    assertThat(at(TR.dpo(0.1), h).chosen()).isNegative();
    assertThat(at(TR.dpo(0.1), h).rejected()).isPositive();
  }

  /** {@code −β σ(−βh)}. */
  @Property
  void its_slope_is_that_of_the_paper(@ForAll @DoubleRange(min = -200, max = 200) double h) {
    double slope = -0.3 * sigmoid(-0.3 * h);
    assertThat(at(TR.dpo(0.3), h).chosen()).isCloseTo(slope, within(1e-15));
    assertThat(at(TR.dpo(0.3), h).rejected()).isCloseTo(-slope, within(1e-15));
  }

  /** The weight of the Hessian is {@code β² σ(βh) σ(−βh)}; it and the slope vanish far out. */
  @Property
  void its_curvature_fades_as_the_margin_grows(@ForAll @DoubleRange(min = -30, max = 30) double h) {
    double beta = 0.5;
    double step = 1e-3;
    double curvature =
        (at(TR.dpo(beta), h + step).chosen() - at(TR.dpo(beta), h - step).chosen()) / (2 * step);
    assertThat(curvature)
        .isCloseTo(beta * beta * sigmoid(beta * h) * sigmoid(-beta * h), within(1e-7));
  }

  /** What an update of the reference restores: {@code β²/4} and {@code β/2}. */
  @Example
  void at_margin_zero_curvature_and_slope_are_at_their_fullest() {
    double beta = 0.5;
    double step = 1e-4;
    double curvature =
        (at(TR.dpo(beta), step).chosen() - at(TR.dpo(beta), -step).chosen()) / (2 * step);
    assertThat(curvature).isCloseTo(beta * beta / 4, within(1e-8));
    assertThat(at(TR.dpo(beta), 0).chosen()).isEqualTo(-beta / 2);
    assertThat(at(TR.dpo(beta), 100).chosen()).isCloseTo(0, within(1e-20));
  }

  /** {@code βh = log((1 − ε)/ε)}. */
  @Property
  void with_smoothing_it_is_least_at_the_odds_of_a_right_label(
      @ForAll @DoubleRange(min = 0.01, max = 2) double beta,
      @ForAll @DoubleRange(min = 0.01, max = 0.49) double smoothing) {
    DpoLoss loss = TR.dpo(beta).labelSmoothing(smoothing);
    double least = Math.log((1 - smoothing) / smoothing) / beta;
    assertThat(at(loss, least).chosen()).isCloseTo(0, within(1e-14));
    assertThat(at(loss, least + 1 / beta).value()).isGreaterThan(at(loss, least).value());
    assertThat(at(loss, least - 1 / beta).value()).isGreaterThan(at(loss, least).value());
  }

  /** Swapping the two completions is the same as swapping the labels' odds. */
  @Property
  void smoothing_mixes_the_loss_with_that_of_the_swapped_pair(
      @ForAll @DoubleRange(min = -50, max = 50) double h,
      @ForAll @DoubleRange(min = 0, max = 0.49) double e) {
    double mixed = (1 - e) * at(TR.dpo(0.2), h).value() + e * at(TR.dpo(0.2), -h).value();
    assertThat(at(TR.dpo(0.2).labelSmoothing(e), h).value()).isCloseTo(mixed, within(1e-13));
  }

  @Example
  void it_depends_on_the_sum_over_tokens_alone() {
    ScoredCompletion many = new ScoredCompletion(-6, -7, 60);
    ScoredCompletion few = new ScoredCompletion(-6, -7, 1);
    assertThat(TR.dpo(0.1).at(ScoredPair.of(many, Scored.of(0))))
        .isEqualTo(TR.dpo(0.1).at(ScoredPair.of(few, Scored.of(0))));
  }

  @Example
  void its_name_is_dpo() {
    assertThat(TR.dpo(0.1).name()).isEqualTo("dpo");
    assertThat(TR.dpo(0.1)).isEqualTo(new DpoLoss(0.1, 0));
    assertThat(TR.dpo(0.1).labelSmoothing(0.2)).isEqualTo(new DpoLoss(0.1, 0.2));
  }

  @Example
  void settings_outside_their_range_are_refused() {
    for (double beta : new double[] {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.dpo(beta))
          .withMessage("beta must be a number > 0, not " + beta);
    }
    for (double smoothing : new double[] {-0.1, 0.5, 1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.dpo(0.1).labelSmoothing(smoothing))
          .withMessage("label smoothing must lie in [0, 0.5), not be " + smoothing);
    }
  }

  private static PairTerm at(DpoLoss loss, double h) {
    return loss.at(ScoredPair.of(Scored.of(h), Scored.of(0)));
  }
}
