package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReferenceFreeLossTest {

  @Property
  void log_probabilities_take_the_places_of_log_ratios(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected) {
    var judgement = Losses.JUDGED_PAIR.judgement();
    PairTerm expected =
        loss.at(new ScoredPair(against(0, chosen), against(0, rejected), judgement));
    PairTerm free =
        loss.referenceFree()
            .at(
                new ScoredPair(
                    against(Double.NaN, chosen), against(Double.NaN, rejected), judgement));
    assertThat(free).isEqualTo(expected);
    assertThat(loss.referenceFree().reward(against(Double.NaN, chosen)))
        .isEqualTo(loss.rewardScale() * chosen.logp());
  }

  @Example
  void it_uses_no_reference() {
    assertThat(TR.dpo(0.1).referenceFree().usesReference()).isFalse();
    assertThat(TR.dpo(0.1).referenceFree().name()).isEqualTo("dpo[reference-free]");
    var pair = ScoredPair.of(new ScoredCompletion(-3, Double.NaN, 1), Scored.of(-5));
    assertThat(TR.ipo(0.5).referenceFree().at(pair).value()).isCloseTo(1, within(1e-15));
  }

  private static ScoredCompletion against(double reference, ScoredCompletion it) {
    return new ScoredCompletion(it.logp(), reference, it.tokens());
  }

  @Provide
  Arbitrary<PairwiseLoss> losses() {
    return Losses.any(Losses.pairwise());
  }

  @Provide
  Arbitrary<ScoredCompletion> completions() {
    return Scored.completions(20);
  }
}
