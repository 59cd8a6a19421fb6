package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class DivergenceLossTest {

  @Property
  void it_is_the_loss_at_the_links_of_the_log_ratios(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("divergences") FDivergence divergence,
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected) {
    ScoredPair pair = pair(chosen, rejected);
    double a = divergence.link(pair.a());
    double b = divergence.link(pair.b());
    PairTerm linked =
        loss.at(
            pair(
                new ScoredCompletion(a, 0, chosen.tokens()),
                new ScoredCompletion(b, 0, rejected.tokens())));
    PairTerm term = loss.divergence(divergence).at(pair);
    assertThat(term.value()).isEqualTo(linked.value());
    assertThat(term.chosen()).isEqualTo(linked.chosen() * divergence.slope(pair.a()));
    assertThat(term.rejected()).isEqualTo(linked.rejected() * divergence.slope(pair.b()));
    assertThat(loss.divergence(divergence).reward(chosen))
        .isEqualTo(loss.rewardScale() * divergence.link(chosen.logRatio()));
  }

  /** Since {@code s(0) = 0}, nothing changes at the start but the slope of Jensen and Shannon's. */
  @Property
  void where_policy_and_reference_agree_its_value_is_that_of_the_loss(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("divergences") FDivergence divergence,
      @ForAll @DoubleRange(min = -99, max = -1) double logp) {
    var agreed = new ScoredCompletion(logp, logp, 3);
    PairTerm plain = loss.at(pair(agreed, agreed));
    PairTerm term = loss.divergence(divergence).at(pair(agreed, agreed));
    assertThat(term.value()).isCloseTo(plain.value(), within(1e-12 * (1 + plain.value())));
    assertThat(term.chosen())
        .isCloseTo(
            divergence.slope(0) * plain.chosen(), within(1e-12 * (1 + Math.abs(plain.chosen()))));
  }

  @Property
  void the_reverse_kl_changes_nothing(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected) {
    ScoredPair plain =
        pair(
            new ScoredCompletion(chosen.logRatio(), 0, chosen.tokens()),
            new ScoredCompletion(rejected.logRatio(), 0, rejected.tokens()));
    assertThat(loss.divergence(FDivergence.reverseKl()).at(pair(chosen, rejected)))
        .isEqualTo(loss.at(plain));
  }

  /** Where a forward KL's links cancel to more than a double holds, they are capped first. */
  @Property
  void far_out_it_is_finite(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("divergences") FDivergence divergence,
      @ForAll("far") ScoredCompletion chosen,
      @ForAll("far") ScoredCompletion rejected) {
    PairTerm term = loss.divergence(divergence).at(pair(chosen, rejected));
    assertThat(term.value()).isFinite();
    assertThat(term.chosen()).isFinite();
    assertThat(term.rejected()).isFinite();
  }

  @Example
  void its_name_holds_both() {
    DivergenceLoss loss = TR.dpo(0.1).divergence(FDivergence.forwardKl());
    assertThat(loss.name()).isEqualTo("dpo[forward-kl]");
    assertThat(loss.usesReference()).isTrue();
    assertThat(loss.usesLengths()).isFalse();
    assertThat(TR.ipoMean(0.1).divergence(FDivergence.alpha(0.5)).usesLengths()).isTrue();
  }

  private static ScoredPair pair(ScoredCompletion chosen, ScoredCompletion rejected) {
    return new ScoredPair(chosen, rejected, Losses.JUDGED_PAIR.judgement());
  }

  @Provide
  Arbitrary<PairwiseLoss> losses() {
    return Losses.any(Losses.pairwise());
  }

  @Provide
  Arbitrary<FDivergence> divergences() {
    return FDivergenceTest.divergences();
  }

  @Provide
  Arbitrary<ScoredCompletion> completions() {
    return Scored.completions(20);
  }

  @Provide
  Arbitrary<ScoredCompletion> far() {
    return Scored.completions(1e4);
  }
}
