package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** Both forms. */
class TdpoLossTest {

  private static final double H = 1e-3;

  @Property
  void without_divergences_both_are_dpo(
      @ForAll @DoubleRange(min = -100, max = 100) double a,
      @ForAll @DoubleRange(min = -100, max = 100) double b) {
    PairTerm dpo = TR.dpo(0.2).at(pair(a, b, 0, 0));
    for (PairwiseLoss loss : List.of(TR.tdpo1(0.2), TR.tdpo2(0.2))) {
      PairTerm term = loss.at(pair(a, b, 0, 0));
      assertThat(term.value()).isEqualTo(dpo.value());
      assertThat(term.chosen()).isEqualTo(dpo.chosen());
      assertThat(term.rejected()).isEqualTo(dpo.rejected());
    }
  }

  /** {@code −log σ(β((a + KL_w) − (b + KL_l)))}. */
  @Property
  void the_first_adds_each_divergence_to_its_log_ratio(
      @ForAll @DoubleRange(min = -50, max = 50) double a,
      @ForAll @DoubleRange(min = -50, max = 50) double b,
      @ForAll @DoubleRange(min = 0, max = 20) double chosen,
      @ForAll @DoubleRange(min = 0, max = 20) double rejected) {
    PairTerm term = TR.tdpo1(0.2).at(pair(a, b, chosen, rejected));
    PairTerm dpo = TR.dpo(0.2).at(pair(a + chosen, b + rejected, 0, 0));
    assertThat(term.value()).isCloseTo(dpo.value(), within(1e-13));
    assertThat(term.chosen()).isCloseTo(dpo.chosen(), within(1e-14));
    assertThat(term.chosenDivergence()).isEqualTo(term.chosen());
    assertThat(term.rejectedDivergence()).isEqualTo(term.rejected());
  }

  /** {@code −log σ(β(h − α(KL_l − KL_w)))}; with α = 1 that is the value of the first. */
  @Property
  void the_second_has_the_value_of_the_first_with_divergences_scaled(
      @ForAll @DoubleRange(min = -50, max = 50) double a,
      @ForAll @DoubleRange(min = 0, max = 20) double chosen,
      @ForAll @DoubleRange(min = 0, max = 20) double rejected,
      @ForAll @DoubleRange(min = 0, max = 2) double alpha) {
    PairTerm second = TR.tdpo2(0.2).alpha(alpha).at(pair(a, 1, chosen, rejected));
    PairTerm first = TR.tdpo1(0.2).at(pair(a, 1, alpha * chosen, alpha * rejected));
    assertThat(second.value()).isCloseTo(first.value(), within(1e-13));
    assertThat(second.chosen()).isCloseTo(first.chosen(), within(1e-14));
    assertThat(second.rejected()).isCloseTo(first.rejected(), within(1e-14));
  }

  @Property
  void derivatives_by_divergences_agree_with_central_differences(
      @ForAll @DoubleRange(min = -50, max = 50) double a,
      @ForAll @DoubleRange(min = 1, max = 20) double chosen,
      @ForAll @DoubleRange(min = 1, max = 20) double rejected) {
    for (PairwiseLoss loss : List.of(TR.tdpo1(0.2), TR.tdpo2(0.2).alpha(0.7))) {
      PairTerm term = loss.at(pair(a, 1, chosen, rejected));
      double byRejected =
          (loss.at(pair(a, 1, chosen, rejected + H)).value()
                  - loss.at(pair(a, 1, chosen, rejected - H)).value())
              / (2 * H);
      assertThat(term.rejectedDivergence())
          .isCloseTo(byRejected, within(1e-6 * Math.abs(byRejected) + 1e-10));
    }
    double byChosen =
        (TR.tdpo1(0.2).at(pair(a, 1, chosen + H, rejected)).value()
                - TR.tdpo1(0.2).at(pair(a, 1, chosen - H, rejected)).value())
            / (2 * H);
    assertThat(TR.tdpo1(0.2).at(pair(a, 1, chosen, rejected)).chosenDivergence())
        .isCloseTo(byChosen, within(1e-6 * Math.abs(byChosen) + 1e-10));
  }

  @Example
  void the_second_takes_the_chosen_divergence_for_a_constant() {
    PairTerm term = TR.tdpo2(0.2).at(pair(3, 1, 2, 4));
    assertThat(term.chosenDivergence()).isZero();
    assertThat(term.rejectedDivergence()).isPositive();
    assertThat(TR.tdpo2(0.2).at(pair(3, 1, 3, 4)).value()).isNotEqualTo(term.value());
  }

  @Example
  void a_batch_tells_the_derivatives_by_divergence_too() {
    ScoredPair pair = pair(3, 1, 2, 4);
    ScoredBatch batch =
        Scored.batch(
            List.of(
                ImmutableList.of(pair.chosen(), pair.rejected()),
                ImmutableList.of(pair.rejected(), pair.chosen())));
    LossResult result = TR.tdpo1(0.2).evaluate(batch);
    assertThat(result.divergenceGradient()).isDeepEqualTo(result.gradient());
    PairTerm term = TR.tdpo2(0.2).at(pair);
    assertThat(TR.tdpo2(0.2).evaluate(batch).divergenceGradient()[0])
        .containsExactly(0, term.rejectedDivergence() / 2);
    assertThat(TR.dpo(0.2).evaluate(batch).divergenceGradient()).isEmpty();
  }

  @Example
  void terms_add_up_and_scale_with_their_derivatives_by_divergence() {
    PairTerm term = new PairTerm(1, 2, 3).withDivergence(4, 5);
    assertThat(term.times(2)).isEqualTo(new PairTerm(2, 4, 6, 8, 10));
    assertThat(term.plus(new PairTerm(1, 1, 1, 2, 3))).isEqualTo(new PairTerm(2, 3, 4, 6, 8));
  }

  @Example
  void their_names_and_defaults_are_those_of_the_authors() {
    assertThat(TR.tdpo1(0.1)).isEqualTo(new Tdpo1Loss(0.1));
    assertThat(TR.tdpo2(0.1)).isEqualTo(new Tdpo2Loss(0.1, 0.5));
    assertThat(TR.tdpo1(0.1).name()).isEqualTo("tdpo1");
    assertThat(TR.tdpo2(0.1).name()).isEqualTo("tdpo2");
    for (PairwiseLoss loss : List.of(TR.tdpo1(0.1), TR.tdpo2(0.1))) {
      assertThat(loss.usesDivergence()).isTrue();
      assertThat(loss.reward(Scored.of(3))).isEqualTo(0.1 * 3);
    }
  }

  @Example
  void settings_outside_their_range_are_refused() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.tdpo1(wrong))
          .withMessage("beta must be a number > 0, not " + wrong);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.tdpo2(wrong))
          .withMessage("beta must be a number > 0, not " + wrong);
    }
    for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.tdpo2(0.1).alpha(wrong))
          .withMessage("alpha must be a number >= 0, not " + wrong);
    }
  }

  private static ScoredPair pair(double a, double b, double chosen, double rejected) {
    return ScoredPair.of(
        new ScoredCompletion(a, 0, 3, chosen, Double.NaN),
        new ScoredCompletion(b, 0, 3, rejected, Double.NaN));
  }
}
