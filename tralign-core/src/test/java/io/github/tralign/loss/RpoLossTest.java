package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.row.Judgement;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** The three distances. */
class RpoLossTest {

  private static final double BETA = 0.2;

  @Property
  void each_is_zero_and_at_rest_where_the_policy_has_the_margin_of_the_given_rewards(
      @ForAll @DoubleRange(min = -5, max = 5) double margin,
      @ForAll @DoubleRange(min = 0.1, max = 3) double eta) {
    double h = eta * margin / BETA;
    for (PairwiseLoss loss : losses(eta)) {
      PairTerm term = at(loss, h, margin);
      assertThat(term.value()).isCloseTo(0, within(1e-13));
      assertThat(term.chosen()).isCloseTo(0, within(1e-14));
      assertThat(at(loss, h + 1, margin).value()).isPositive();
      assertThat(at(loss, h - 1, margin).value()).isPositive();
      assertThat(at(loss, h + 1, margin).chosen()).isPositive();
      assertThat(at(loss, h - 1, margin).chosen()).isNegative();
    }
  }

  /** Up to the entropy of the given preference. */
  @Property
  void backward_it_is_dpo_smoothed_by_the_given_preference(
      @ForAll @DoubleRange(min = -500, max = 500) double h,
      @ForAll @DoubleRange(min = 0.01, max = 5) double margin) {
    double e = sigmoid(-margin);
    double entropy = -e * Math.log(e) - (1 - e) * Math.log(1 - e);
    DpoLoss dpo = TR.dpo(BETA).labelSmoothing(e);
    PairTerm term = at(TR.rpoBwdKl(BETA), h, margin);
    assertThat(term.value()).isCloseTo(dpo.value(h) - entropy, within(1e-12));
    assertThat(term.chosen()).isCloseTo(dpo.slope(h), within(1e-14));
  }

  @Property
  void forward_it_is_exo_smoothed_by_the_given_preference(
      @ForAll @DoubleRange(min = -500, max = 500) double h,
      @ForAll @DoubleRange(min = 0.01, max = 5) double margin) {
    ExoLoss exo = TR.exo(BETA).labelSmoothing(sigmoid(-margin));
    PairTerm term = at(TR.rpoFwdKl(BETA), h, margin);
    assertThat(term.value()).isCloseTo(exo.value(h), within(1e-12));
    assertThat(term.chosen()).isCloseTo(exo.slope(h), within(1e-13));
  }

  @Property
  void squared_it_is_the_square_of_what_is_missing(
      @ForAll @DoubleRange(min = -500, max = 500) double h,
      @ForAll @DoubleRange(min = -5, max = 5) double margin,
      @ForAll @DoubleRange(min = 0.1, max = 3) double eta) {
    double off = BETA * h - eta * margin;
    PairTerm term = at(TR.rpoSq(BETA).eta(eta), h, margin);
    assertThat(term.value()).isEqualTo(off * off);
    assertThat(term.chosen()).isEqualTo(2 * BETA * off);
    assertThat(term.rejected()).isEqualTo(-2 * BETA * off);
  }

  @Example
  void where_policy_and_reference_agree_the_policy_has_no_preference_yet() {
    double q = sigmoid(2);
    double kl = q * Math.log(2 * q) + (1 - q) * Math.log(2 * (1 - q));
    assertThat(at(TR.rpoBwdKl(BETA), 0, 2).value()).isCloseTo(kl, within(1e-15));
    assertThat(at(TR.rpoBwdKl(BETA), 0, 2).chosen()).isCloseTo(BETA * (0.5 - q), within(1e-16));
    assertThat(at(TR.rpoFwdKl(BETA), 0, 2).value())
        .isCloseTo(-Math.log(2) - Math.log(q * (1 - q)) / 2, within(1e-15));
    assertThat(at(TR.rpoFwdKl(BETA), 0, 2).chosen()).isCloseTo(-BETA / 2, within(1e-16));
    assertThat(at(TR.rpoSq(BETA), 0, 2)).isEqualTo(new PairTerm(4, -4 * BETA, 4 * BETA));
  }

  @Example
  void rows_without_a_margin_are_refused() {
    var pair = Losses.JUDGED_PAIR.with(Judgement.NONE);
    for (PairwiseLoss loss : losses(1)) {
      loss.check(pair.with(Judgement.NONE.margin(-1)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.check(pair.with(Judgement.NONE.winProbability(1))))
          .withMessage(
              "the loss %s needs the margin between the rewards of a pair's completions, but in"
                  + " memory has none",
              loss.name());
    }
  }

  @Example
  void a_scale_of_the_rewards_outside_its_range_is_refused() {
    for (double eta : new double[] {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String message = "eta must be a number > 0, not " + eta;
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.rpoBwdKl(BETA).eta(eta))
          .withMessage(message);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.rpoFwdKl(BETA).eta(eta))
          .withMessage(message);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.rpoSq(BETA).eta(eta))
          .withMessage(message);
    }
  }

  private static ImmutableList<PairwiseLoss> losses(double eta) {
    return ImmutableList.of(
        TR.rpoBwdKl(BETA).eta(eta), TR.rpoFwdKl(BETA).eta(eta), TR.rpoSq(BETA).eta(eta));
  }

  private static PairTerm at(PairwiseLoss loss, double h, double margin) {
    return loss.at(new ScoredPair(Scored.of(h), Scored.of(0), Judgement.NONE.margin(margin)));
  }
}
