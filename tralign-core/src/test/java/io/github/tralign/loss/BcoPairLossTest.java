package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class BcoPairLossTest {

  @Property
  void where_policy_and_reference_agree_the_classifier_is_blind(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta) {
    PairTerm term = at(beta, 0, 0);
    assertThat(term.value()).isCloseTo(2 * Math.log(2), within(1e-15));
    assertThat(term.chosen()).isEqualTo(-beta / 2);
    assertThat(term.rejected()).isEqualTo(beta / 2);
  }

  @Property
  void it_is_a_logistic_loss_for_each_completion(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    PairTerm term = at(0.1, a, b);
    assertThat(term.value()).isCloseTo(TR.dpo(0.1).value(a) + TR.dpo(0.1).value(-b), within(1e-13));
    assertThat(term.chosen()).isEqualTo(TR.dpo(0.1).slope(a));
    assertThat(term.rejected()).isEqualTo(-TR.dpo(0.1).slope(-b));
  }

  @Property
  void it_bounds_dpo_from_above(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    assertThat(at(0.1, a, b).value()).isGreaterThanOrEqualTo(TR.dpo(0.1).value(a - b) - 1e-12);
  }

  private static PairTerm at(double beta, double a, double b) {
    return TR.bcoPair(beta).at(ScoredPair.of(Scored.of(a), Scored.of(b)));
  }
}
