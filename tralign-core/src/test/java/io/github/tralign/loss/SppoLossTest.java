package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import io.github.tralign.data.row.Judgement;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** With win probabilities and with hard labels. */
class SppoLossTest {

  @Property
  void it_is_zero_and_at_rest_at_its_targets(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0, max = 1) double win) {
    double target = (win - 0.5) / beta;
    assertThat(soft(beta, win, target, -target)).isEqualTo(new PairTerm(0, 0, 0));
    assertThat(hard(beta, 1 / (2 * beta), -1 / (2 * beta))).isEqualTo(new PairTerm(0, 0, 0));
  }

  /**
   * {@code ((p − ½)/β)²}, with the pull {@code ∓(p − ½)/β}; twice that at p = 1 for hard labels.
   */
  @Property
  void where_policy_and_reference_agree_it_pulls_by_the_target(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0, max = 1) double win) {
    double target = (win - 0.5) / beta;
    PairTerm term = soft(beta, win, 0, 0);
    assertThat(term.value()).isCloseTo(target * target, within(1e-14 * target * target));
    assertThat(term.chosen()).isEqualTo(-target);
    assertThat(term.rejected()).isEqualTo(target);
    double square = 1 / (2 * beta * beta);
    assertThat(hard(beta, 0, 0).value()).isCloseTo(square, within(1e-14 * square));
    assertThat(hard(beta, 0, 0).chosen()).isEqualTo(-1 / beta);
    assertThat(hard(beta, 0, 0).rejected()).isEqualTo(1 / beta);
  }

  @Property
  void hard_labels_are_certain_wins_counted_twice(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b) {
    PairTerm soft = soft(0.01, 1, a, b).times(2);
    PairTerm hard = hard(0.01, a, b);
    assertThat(hard.value()).isCloseTo(soft.value(), within(1e-12 * (1 + hard.value())));
    assertThat(hard.chosen()).isCloseTo(soft.chosen(), within(1e-12));
    assertThat(hard.rejected()).isCloseTo(soft.rejected(), within(1e-12));
  }

  @Property
  void which_completion_is_called_chosen_does_not_matter_but_by_the_win_probability(
      @ForAll @DoubleRange(min = -500, max = 500) double a,
      @ForAll @DoubleRange(min = -500, max = 500) double b,
      @ForAll @DoubleRange(min = 0, max = 1) double win) {
    PairTerm term = soft(0.1, win, a, b);
    PairTerm swapped = soft(0.1, 1 - win, b, a);
    assertThat(swapped.value()).isCloseTo(term.value(), within(1e-12 * (1 + term.value())));
    assertThat(swapped.chosen()).isCloseTo(term.rejected(), within(1e-12));
    assertThat(swapped.rejected()).isCloseTo(term.chosen(), within(1e-12));
  }

  @Example
  void rows_without_a_win_probability_are_refused_unless_labels_are_hard() {
    var pair = Losses.JUDGED_PAIR.with(Judgement.NONE);
    TR.sppoHard(0.1).check(pair);
    TR.sppo(0.1).check(pair.with(Judgement.NONE.winProbability(0)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TR.sppo(0.1).check(pair.with(Judgement.NONE.margin(1))))
        .withMessage(
            "the loss sppo needs the probability that the chosen completion wins, but in memory has"
                + " none");
  }

  private static PairTerm soft(double beta, double win, double a, double b) {
    Judgement judgement = Judgement.NONE.winProbability(win);
    return TR.sppo(beta).at(new ScoredPair(Scored.of(a), Scored.of(b), judgement));
  }

  private static PairTerm hard(double beta, double a, double b) {
    return TR.sppoHard(beta).at(ScoredPair.of(Scored.of(a), Scored.of(b)));
  }
}
