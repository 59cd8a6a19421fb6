package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WpoLossTest {

  @Property
  void each_pair_counts_as_much_as_the_policy_would_write_it(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected) {
    ScoredPair pair = pair(chosen, rejected);
    PairTerm plain = loss.at(pair);
    double weight = weight(chosen) * weight(rejected);
    assertThat(loss.wpo().at(pair)).isEqualTo(plain.times(weight));
    assertThat(loss.wpo().clamp().at(pair)).isEqualTo(plain.times(Math.min(1, weight)));
    assertThat(loss.wpo().reward(chosen)).isEqualTo(loss.reward(chosen));
  }

  /** The slope is that of the loss alone: of the weights held, not of their derivative. */
  @Property
  void the_weights_carry_no_gradient(
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected) {
    double h = 1e-3;
    double byDifferences =
        (TR.ipo(0.1).wpo().at(pair(shifted(chosen, h), rejected)).value()
                - TR.ipo(0.1).wpo().at(pair(shifted(chosen, -h), rejected)).value())
            / (2 * h);
    double slope = TR.ipo(0.1).wpo().at(pair(chosen, rejected)).chosen();
    assertThat(slope).isCloseTo(byDifferences, within(1e-6 * (1 + Math.abs(slope))));
  }

  /** The mean over tokens: a completion as probable as two draws are equal weighs 1. */
  @Example
  void tokens_as_likely_as_two_draws_agree_weigh_one() {
    var usual = new ScoredCompletion(-6, -7, 3, Double.NaN, -6);
    var unlikely = new ScoredCompletion(-9, -7, 3, Double.NaN, -6);
    var likely = new ScoredCompletion(-3, -7, 3, Double.NaN, -6);
    double loss = TR.dpo(0.1).at(pair(usual, usual)).value();
    assertThat(TR.dpo(0.1).wpo().at(pair(usual, usual)).value()).isEqualTo(loss);
    assertThat(TR.ipo(0.5).wpo().at(pair(usual, unlikely)).value())
        .isCloseTo(Math.exp(-1) * 4, within(1e-12));
    assertThat(TR.ipo(0.5).wpo().at(pair(likely, likely)).value())
        .isCloseTo(Math.exp(2), within(1e-12));
    assertThat(TR.ipo(0.5).wpo().clamp().at(pair(likely, likely)).value()).isEqualTo(1);
    assertThat(TR.ipo(0.5).wpo().clamp().at(pair(likely, unlikely)).value())
        .as("the product is clamped, not each weight")
        .isCloseTo(25, within(1e-12));
  }

  @Example
  void it_asks_for_collisions_and_is_else_like_the_loss() {
    assertThat(TR.dpo(0.1).wpo().usesCollision()).isTrue();
    assertThat(TR.dpo(0.1).usesCollision()).isFalse();
    assertThat(TR.dpo(0.1).wpo().usesReference()).isTrue();
    assertThat(TR.simpo(2, 0.5).wpo().usesReference()).isFalse();
    assertThat(TR.dpo(0.1).wpo().name()).isEqualTo("dpo[wpo]");
    assertThat(TR.dpo(0.1).wpo()).isEqualTo(new WpoLoss(TR.dpo(0.1), false));
    assertThat(TR.dpo(0.1).wpo().separable()).isTrue();
  }

  private static double weight(ScoredCompletion it) {
    return Math.exp((it.logp() - it.collision()) / it.tokens());
  }

  /** Both move, so that the weight stays. */
  private static ScoredCompletion shifted(ScoredCompletion it, double by) {
    return new ScoredCompletion(
        it.logp() + by, it.referenceLogp(), it.tokens(), Double.NaN, it.collision() + by);
  }

  private static ScoredPair pair(ScoredCompletion chosen, ScoredCompletion rejected) {
    return new ScoredPair(chosen, rejected, Losses.JUDGED_PAIR.judgement());
  }

  @Provide
  Arbitrary<PairwiseLoss> losses() {
    return Losses.any(Losses.pairwise());
  }

  @Provide
  Arbitrary<ScoredCompletion> completions() {
    return Combinators.combine(Scored.completions(20), Scored.between(-3, 0))
        .as(
            (it, perToken) ->
                new ScoredCompletion(
                    it.logp(),
                    it.referenceLogp(),
                    it.tokens(),
                    Double.NaN,
                    perToken * it.tokens()));
  }
}
