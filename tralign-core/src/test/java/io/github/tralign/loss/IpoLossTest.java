package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Both forms: on sums and on token means. */
class IpoLossTest {

  /** {@code 1/(4β²)}, with the full pull {@code −1/β}. */
  @Property
  void where_policy_and_reference_agree_it_is_the_square_of_the_target(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta) {
    ScoredCompletion agreed = new ScoredCompletion(-5, -5, 1);
    for (PairwiseLoss loss : new PairwiseLoss[] {TR.ipo(beta), TR.ipoMean(beta)}) {
      PairTerm term = loss.at(ScoredPair.of(agreed, agreed));
      double square = 1 / (4 * beta * beta);
      assertThat(term.value()).isCloseTo(square, within(1e-14 * square));
      assertThat(term.chosen()).isCloseTo(-1 / beta, within(1e-14 / beta));
      assertThat(term.rejected()).isCloseTo(1 / beta, within(1e-14 / beta));
    }
  }

  @Property
  void it_is_zero_at_the_target_and_grows_to_both_sides(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0.01, max = 100) double off) {
    double target = 1 / (2 * beta);
    assertThat(TR.ipo(beta).at(ScoredPair.of(Scored.of(target), Scored.of(0))))
        .isEqualTo(new PairTerm(0, 0, -0.0));
    for (double h : new double[] {target + off, target - off}) {
      assertThat(TR.ipo(beta).at(ScoredPair.of(Scored.of(h), Scored.of(0))).value())
          .isCloseTo(off * off, within(1e-9 * (1 + off)));
    }
  }

  @Property
  void its_curvature_is_two_everywhere(@ForAll @DoubleRange(min = -100, max = 100) double h) {
    IpoLoss loss = TR.ipo(0.1);
    double slopes =
        loss.at(ScoredPair.of(Scored.of(h + 1), Scored.of(0))).chosen()
            - loss.at(ScoredPair.of(Scored.of(h), Scored.of(0))).chosen();
    assertThat(slopes).isCloseTo(2, within(1e-12));
  }

  @Property
  void the_mean_form_is_the_sum_form_of_log_ratios_per_token(
      @ForAll @DoubleRange(min = -50, max = 50) double a,
      @ForAll @DoubleRange(min = -50, max = 50) double b,
      @ForAll @IntRange(min = 1, max = 100) int chosenTokens,
      @ForAll @IntRange(min = 1, max = 100) int rejectedTokens) {
    PairTerm mean =
        TR.ipoMean(0.3)
            .at(
                ScoredPair.of(
                    new ScoredCompletion(a, 0, chosenTokens),
                    new ScoredCompletion(b, 0, rejectedTokens)));
    PairTerm sum =
        TR.ipo(0.3).at(ScoredPair.of(Scored.of(a / chosenTokens), Scored.of(b / rejectedTokens)));
    assertThat(mean.value()).isEqualTo(sum.value());
    assertThat(mean.chosen()).isCloseTo(sum.chosen() / chosenTokens, within(1e-13));
    assertThat(mean.rejected()).isCloseTo(sum.rejected() / rejectedTokens, within(1e-13));
  }

  @Example
  void the_sum_form_does_not_look_at_lengths_and_the_mean_form_does() {
    ScoredCompletion many = new ScoredCompletion(-6, -7, 60);
    ScoredCompletion few = new ScoredCompletion(-6, -7, 1);
    assertThat(TR.ipo(0.1).at(ScoredPair.of(many, Scored.of(0))))
        .isEqualTo(TR.ipo(0.1).at(ScoredPair.of(few, Scored.of(0))));
    assertThat(TR.ipoMean(0.1).at(ScoredPair.of(many, Scored.of(0))))
        .isNotEqualTo(TR.ipoMean(0.1).at(ScoredPair.of(few, Scored.of(0))));
  }

  @Example
  void their_names_tell_them_apart() {
    assertThat(TR.ipo(0.1).name()).isEqualTo("ipo");
    assertThat(TR.ipoMean(0.1).name()).isEqualTo("ipo-mean");
  }

  @Example
  void a_beta_outside_its_range_is_refused() {
    for (double beta : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.ipo(beta))
          .withMessage("beta must be a number > 0, not " + beta);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.ipoMean(beta))
          .withMessage("beta must be a number > 0, not " + beta);
    }
  }
}
