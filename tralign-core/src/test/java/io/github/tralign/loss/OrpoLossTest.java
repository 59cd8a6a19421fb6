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
import net.jqwik.api.constraints.IntRange;

class OrpoLossTest {

  /** {@code β log(1 + odds_l/odds_w)}, where the odds can be computed as such. */
  @Property
  void it_is_the_logarithm_of_the_odds_ratio(
      @ForAll @DoubleRange(min = -10, max = -0.01) double chosen,
      @ForAll @DoubleRange(min = -10, max = -0.01) double rejected,
      @ForAll @IntRange(min = 1, max = 9) int tokens) {
    double ratio = odds(rejected) / odds(chosen);
    PairTerm term = TR.orpo(0.3).at(pair(chosen, tokens, rejected, tokens + 1));
    assertThat(term.value()).isCloseTo(0.3 * Math.log1p(ratio), within(1e-12));
    double pull = -0.3 * ratio / (1 + ratio);
    assertThat(term.chosen())
        .isCloseTo(pull / (1 - Math.exp(chosen)) / tokens, within(1e-11 * (1 + pull / chosen)));
    assertThat(term.rejected())
        .isCloseTo(
            -pull / (1 - Math.exp(rejected)) / (tokens + 1), within(1e-11 * (1 + pull / rejected)));
  }

  @Property
  void of_completions_as_likely_as_each_other_it_is_log_two(
      @ForAll @DoubleRange(min = -700, max = -0.01) double mean) {
    assertThat(TR.orpo(1).at(pair(mean, 3, mean, 5)).value()).isCloseTo(Math.log(2), within(1e-12));
  }

  @Property
  void it_falls_with_the_chosen_and_grows_with_the_rejected_completion(
      @ForAll @DoubleRange(min = -20, max = -0.1) double chosen,
      @ForAll @DoubleRange(min = -20, max = -0.1) double rejected) {
    PairTerm term = TR.orpo(0.1).at(pair(chosen, 2, rejected, 2));
    assertThat(term.chosen()).isNegative();
    assertThat(term.rejected()).isPositive();
    assertThat(TR.orpo(0.1).at(pair(chosen + 0.05, 2, rejected, 2)).value())
        .isLessThan(term.value());
  }

  @Example
  void a_certain_completion_counts_as_nearly_certain() {
    double nearly = -Math.pow(2, -24);
    for (double certain : new double[] {0, -1e-12, 1e-7}) {
      assertThat(TR.orpo(0.1).at(pair(certain, 4, -1, 2)))
          .isEqualTo(TR.orpo(0.1).at(pair(nearly, 4, -1, 2)));
      assertThat(TR.orpo(0.1).at(pair(-1, 4, certain, 2)))
          .isEqualTo(TR.orpo(0.1).at(pair(-1, 4, nearly, 2)));
    }
    PairTerm both = TR.orpo(0.1).at(pair(0, 4, 0, 2));
    assertThat(both.value()).isCloseTo(0.1 * Math.log(2), within(1e-12));
    assertThat(both.chosen()).isFinite();
    PairTerm worst = TR.orpo(0.1).at(pair(-1e4, 1, 0, 1));
    assertThat(worst.value()).isCloseTo(0.1 * (1e4 + 24 * Math.log(2)), within(1e-6));
    assertThat(worst.rejected()).isCloseTo(0.1 * Math.pow(2, 24), within(1.0));
  }

  /** In the limit, {@code −β odds_l} is left of the pull on a chosen completion that is certain. */
  @Example
  void the_pull_on_a_certain_chosen_completion_has_a_limit() {
    assertThat(TR.orpo(0.1).at(pair(0, 1, -1, 1)).chosen())
        .isCloseTo(-0.1 * odds(-1), within(1e-7));
  }

  @Example
  void it_imitates_the_chosen_completions_with_weight_one() {
    var pair =
        ImmutableList.of(
            new ScoredCompletion(-6, Double.NaN, 3), new ScoredCompletion(-8, Double.NaN, 2));
    LossResult result = TR.orpo(0.1).evaluate(Scored.batch(List.of(pair)));
    double odds = TR.orpo(0.1).at(ScoredPair.of(pair.get(0), pair.get(1))).value();
    assertThat(result.value()).isCloseTo(2 + odds, within(1e-12));
    assertThat(TR.orpo(0.1).sftWeight()).isEqualTo(1);
  }

  @Example
  void it_uses_lengths_and_no_reference() {
    assertThat(TR.orpo(0.1).name()).isEqualTo("orpo");
    assertThat(TR.orpo(0.1).usesReference()).isFalse();
    assertThat(TR.orpo(0.1).usesLengths()).isTrue();
    assertThat(TR.orpo(0.1).reward(new ScoredCompletion(-6, Double.NaN, 3)))
        .isCloseTo(-0.2, within(1e-15));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TR.orpo(0))
        .withMessage("beta must be a number > 0, not 0.0");
  }

  private static double odds(double logp) {
    return Math.exp(logp) / -Math.expm1(logp);
  }

  private static ScoredPair pair(
      double chosenMean, int chosenTokens, double rejectedMean, int rejectedTokens) {
    return ScoredPair.of(
        new ScoredCompletion(chosenMean * chosenTokens, Double.NaN, chosenTokens),
        new ScoredCompletion(rejectedMean * rejectedTokens, Double.NaN, rejectedTokens));
  }
}
