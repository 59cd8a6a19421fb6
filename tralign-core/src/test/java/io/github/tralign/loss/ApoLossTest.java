package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** Zero and down. */
class ApoLossTest {

  @Property
  void where_policy_and_reference_agree_both_are_one(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta) {
    assertThat(zero(beta, 0, 0)).isEqualTo(new PairTerm(1, -beta / 4, beta / 4));
    assertThat(down(beta, 0, 0)).isEqualTo(new PairTerm(1, 0, beta / 4));
  }

  @Property
  void zero_raises_the_chosen_and_lowers_the_rejected_completion(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    PairTerm term = zero(0.1, a, b);
    assertThat(term.value()).isBetween(0.0, 2.0);
    assertThat(term.chosen()).isBetween(-0.025, 0.0);
    assertThat(term.rejected()).isBetween(0.0, 0.025);
    assertThat(term.value()).isCloseTo(1 - sigmoid(0.1 * a) + sigmoid(0.1 * b), within(1e-15));
  }

  /** Swapping the completions and the signs of their log-ratios changes nothing. */
  @Property
  void zero_is_symmetric(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    PairTerm term = zero(0.1, a, b);
    PairTerm mirrored = zero(0.1, -b, -a);
    assertThat(mirrored.value()).isCloseTo(term.value(), within(1e-15));
    assertThat(mirrored.chosen()).isCloseTo(-term.rejected(), within(1e-16));
    assertThat(mirrored.rejected()).isCloseTo(-term.chosen(), within(1e-16));
  }

  @Property
  void down_lowers_the_rejected_completion(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    PairTerm term = down(0.1, a, b);
    assertThat(term.value()).isBetween(0.0, 2.0);
    assertThat(term.rejected()).isBetween(0.0, 0.025);
    assertThat(term.value())
        .isCloseTo(sigmoid(0.1 * a) + 1 - sigmoid(0.1 * (a - b)), within(1e-15));
  }

  /** The sum of both slopes is that of the anchor alone. */
  @Property
  void down_lowers_both_completions_together(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    PairTerm term = down(0.1, a, b);
    assertThat(term.chosen() + term.rejected())
        .isCloseTo(0.1 * sigmoid(0.1 * a) * sigmoid(-0.1 * a), within(1e-16));
  }

  private static PairTerm zero(double beta, double a, double b) {
    return TR.apoZero(beta).at(ScoredPair.of(Scored.of(a), Scored.of(b)));
  }

  private static PairTerm down(double beta, double a, double b) {
    return TR.apoDown(beta).at(ScoredPair.of(Scored.of(a), Scored.of(b)));
  }
}
