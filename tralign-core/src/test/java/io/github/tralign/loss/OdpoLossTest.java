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

class OdpoLossTest {

  @Property
  void it_is_dpo_of_a_margin_less_the_offset(
      @ForAll @DoubleRange(min = -500, max = 500) double h,
      @ForAll @DoubleRange(min = 0.01, max = 10) double margin,
      @ForAll @DoubleRange(min = 0, max = 5) double alpha) {
    OdpoLoss loss = TR.odpo(0.2).alpha(alpha);
    assertOffset(loss, h, margin, alpha * Math.log(margin));
    assertOffset(loss.offset(OdpoLoss.Offset.IDENTITY), h, margin, alpha * margin);
  }

  @Property
  void where_the_margin_is_one_its_logarithm_asks_for_nothing(
      @ForAll @DoubleRange(min = -500, max = 500) double h) {
    PairTerm term = at(TR.odpo(0.2), h, 1);
    assertThat(term).isEqualTo(TR.dpo(0.2).at(ScoredPair.of(Scored.of(h), Scored.of(0))));
  }

  @Property
  void the_larger_the_margin_the_harder_the_pull(
      @ForAll @DoubleRange(min = -50, max = 50) double h,
      @ForAll @DoubleRange(min = 0.1, max = 5) double margin) {
    PairTerm term = at(TR.odpo(0.1), h, margin);
    PairTerm larger = at(TR.odpo(0.1), h, margin + 0.1);
    assertThat(larger.value()).isGreaterThan(term.value());
    assertThat(larger.chosen()).isLessThan(term.chosen());
  }

  @Example
  void rows_without_a_margin_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TR.odpo(0.1).check(Losses.JUDGED_PAIR.with(Judgement.NONE)))
        .withMessage(
            "the loss odpo needs the margin between the rewards of a pair's completions, but in"
                + " memory has none");
  }

  @Example
  void margins_without_a_logarithm_are_refused_where_one_is_taken() {
    for (double margin : new double[] {0, -0.3}) {
      var row = Losses.JUDGED_PAIR.with(Judgement.NONE.margin(margin));
      TR.odpo(0.1).offset(OdpoLoss.Offset.IDENTITY).check(row);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.odpo(0.1).check(row))
          .withMessage(
              "the loss odpo takes the logarithm of margins, but that of in memory is %s; leave such"
                  + " rows out or take the margin itself (Offset.IDENTITY)",
              margin);
    }
    TR.odpo(0.1).check(Losses.JUDGED_PAIR.with(Judgement.NONE.margin(1e-9)));
  }

  @Example
  void a_weight_of_the_margin_outside_its_range_is_refused() {
    for (double alpha : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.odpo(0.1).alpha(alpha))
          .withMessage("alpha must be a number >= 0, not " + alpha);
    }
  }

  private static void assertOffset(OdpoLoss loss, double h, double margin, double offset) {
    PairTerm term = at(loss, h, margin);
    double moved = h - offset / 0.2;
    assertThat(term.value()).isCloseTo(TR.dpo(0.2).value(moved), within(1e-12));
    assertThat(term.chosen()).isCloseTo(TR.dpo(0.2).slope(moved), within(1e-13));
    assertThat(term.rejected()).isEqualTo(-term.chosen());
  }

  private static PairTerm at(OdpoLoss loss, double h, double margin) {
    return loss.at(new ScoredPair(Scored.of(h), Scored.of(0), Judgement.NONE.margin(margin)));
  }
}
