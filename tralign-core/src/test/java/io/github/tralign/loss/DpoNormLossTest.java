package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class DpoNormLossTest {

  @Property
  void it_is_dpo_of_log_ratios_per_token(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b,
      @ForAll @IntRange(min = 1, max = 100) int chosenTokens,
      @ForAll @IntRange(min = 1, max = 100) int rejectedTokens) {
    PairTerm norm =
        TR.dpoNorm(5)
            .at(
                ScoredPair.of(
                    new ScoredCompletion(a, 0, chosenTokens),
                    new ScoredCompletion(b, 0, rejectedTokens)));
    double h = a / chosenTokens - b / rejectedTokens;
    assertThat(norm.value()).isEqualTo(TR.dpo(5).value(h));
    assertThat(norm.chosen()).isCloseTo(TR.dpo(5).slope(h) / chosenTokens, within(1e-15));
    assertThat(norm.rejected()).isCloseTo(-TR.dpo(5).slope(h) / rejectedTokens, within(1e-15));
  }

  @Property
  void where_policy_and_reference_agree_it_is_log_two(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta) {
    PairTerm term =
        TR.dpoNorm(beta)
            .at(ScoredPair.of(new ScoredCompletion(-9, -9, 3), new ScoredCompletion(-7, -7, 2)));
    assertThat(term.value()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(term.chosen()).isCloseTo(-beta / 6, within(1e-15 * beta));
    assertThat(term.rejected()).isCloseTo(beta / 4, within(1e-15 * beta));
  }
}
