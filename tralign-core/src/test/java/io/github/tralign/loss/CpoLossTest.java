package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import java.util.List;
import java.util.function.DoubleFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** CPO with a sigmoid, a hinge and a square, and SLiC. */
class CpoLossTest {

  private static final ImmutableList<DoubleFunction<PairwiseWithSft>> BY_SFT_WEIGHT =
      ImmutableList.of(
          weight -> TR.cpo(0.3).sftWeight(weight),
          weight -> TR.cpoHinge(0.3).sftWeight(weight),
          weight -> TR.cpoIpo(0.3).sftWeight(weight),
          weight -> TR.slic(2).sftWeight(weight));

  /** The term means the same as {@link SftLoss} on the same pairs. */
  @Property
  void to_the_terms_of_pairs_they_add_the_weighted_sft_of_the_batch(
      @ForAll("pairs") List<ImmutableList<ScoredCompletion>> pairs,
      @ForAll @DoubleRange(min = 0.1, max = 3) double weight) {
    ScoredBatch batch = Scored.batch(pairs);
    LossResult sft = TR.sft().evaluate(batch);
    for (DoubleFunction<PairwiseWithSft> loss : BY_SFT_WEIGHT) {
      LossResult both = loss.apply(weight).evaluate(batch);
      LossResult terms = loss.apply(0).evaluate(batch);
      assertThat(both.value())
          .isCloseTo(terms.value() + weight * sft.value(), within(1e-12 * (1 + both.value())));
      for (int i = 0; i < pairs.size(); i++) {
        double chosen = terms.gradient()[i][0] + weight * sft.gradient()[i][0];
        assertThat(both.gradient()[i][0]).isCloseTo(chosen, within(1e-14));
        assertThat(both.gradient()[i][1]).isEqualTo(terms.gradient()[i][1]);
      }
      assertThat(both.metrics()).containsOnlyKeys("nll_loss").containsValue(sft.value());
      assertThat(terms.metrics()).isEmpty();
    }
  }

  @Property
  void without_sft_cpo_is_dpo_against_a_reference_that_finds_all_certain(
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected,
      @ForAll @DoubleRange(min = 0, max = 0.4) double smoothing) {
    DpoLoss dpo = TR.dpo(0.3).labelSmoothing(smoothing);
    CpoLoss cpo = TR.cpo(0.3).labelSmoothing(smoothing).sftWeight(0);
    ScoredPair pair = ScoredPair.of(chosen, rejected);
    assertThat(cpo.at(pair)).isEqualTo(dpo.referenceFree().at(pair));
    assertThat(cpo.reward(chosen)).isEqualTo(dpo.referenceFree().reward(chosen));
  }

  @Property
  void the_ipo_form_is_ipo_on_token_means_without_a_reference(
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected) {
    ScoredPair pair = ScoredPair.of(chosen, rejected);
    assertThat(TR.cpoIpo(0.3).at(pair)).isEqualTo(TR.ipoMean(0.3).referenceFree().at(pair));
    assertThat(TR.cpoIpo(0.3).reward(chosen)).isEqualTo(0.3 * chosen.meanLogp());
  }

  @Example
  void the_hinges_let_go_of_a_pair_from_their_margin_on() {
    assertThat(TR.cpoHinge(0.5).at(pair(1.5))).isEqualTo(new PairTerm(0.25, -0.5, 0.5));
    assertThat(TR.cpoHinge(0.5).at(pair(2))).isEqualTo(PairTerm.ofMargin(0, 0));
    assertThat(TR.cpoHinge(0.5).at(pair(-4))).isEqualTo(new PairTerm(3, -0.5, 0.5));
    assertThat(TR.slic(2).at(pair(1.5))).isEqualTo(new PairTerm(0.5, -1, 1));
    assertThat(TR.slic(2).at(pair(2))).isEqualTo(PairTerm.ofMargin(0, 0));
    assertThat(TR.slic(2).at(pair(-4))).isEqualTo(new PairTerm(6, -1, 1));
  }

  /** Up to scale, the margin of the one is the inverse of the other's β. */
  @Property
  void slic_is_the_hinge_of_cpo_in_other_units(@ForAll @DoubleRange(min = -9, max = 9) double m) {
    PairTerm hinge = TR.cpoHinge(0.25).at(pair(m)).times(4);
    assertThat(TR.slic(4).at(pair(m)).value()).isCloseTo(hinge.value(), within(1e-12));
    assertThat(TR.slic(4).at(pair(m)).chosen()).isEqualTo(hinge.chosen());
  }

  @Example
  void their_defaults_are_those_of_the_field() {
    assertThat(TR.cpo(0.1)).isEqualTo(new CpoLoss(0.1, 0, 1));
    assertThat(TR.cpoHinge(0.1)).isEqualTo(new CpoHingeLoss(0.1, 1));
    assertThat(TR.cpoIpo(0.1)).isEqualTo(new CpoIpoLoss(0.1, 1));
    assertThat(TR.slic(1)).isEqualTo(new SlicLoss(1, 0.1));
    assertThat(TR.cpo(0.1).name()).isEqualTo("cpo");
    assertThat(TR.cpoHinge(0.1).name()).isEqualTo("cpo-hinge");
    assertThat(TR.cpoIpo(0.1).name()).isEqualTo("cpo-ipo");
    assertThat(TR.slic(1).name()).isEqualTo("slic");
  }

  @Example
  void they_use_no_reference_and_depend_on_lengths_through_the_sft_term_or_means() {
    for (DoubleFunction<PairwiseWithSft> loss : BY_SFT_WEIGHT) {
      assertThat(loss.apply(1).usesReference()).isFalse();
      assertThat(loss.apply(1).usesLengths()).isTrue();
      assertThat(loss.apply(0).usesLengths()).isEqualTo(loss.apply(0) instanceof CpoIpoLoss);
    }
  }

  @Example
  void settings_outside_their_range_are_refused() {
    for (DoubleFunction<PairwiseWithSft> loss : BY_SFT_WEIGHT) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.apply(-1))
          .withMessage("sft weight must be a number >= 0, not -1.0");
    }
    refused(() -> TR.cpo(0), "beta must be a number > 0, not 0.0");
    refused(() -> TR.cpoHinge(0), "beta must be a number > 0, not 0.0");
    refused(() -> TR.cpoIpo(0), "beta must be a number > 0, not 0.0");
    refused(() -> TR.slic(0), "margin must be a number > 0, not 0.0");
    refused(
        () -> TR.cpo(1).labelSmoothing(0.5), "label smoothing must lie in [0, 0.5), not be 0.5");
  }

  private static void refused(Runnable settings, String message) {
    assertThatIllegalArgumentException().isThrownBy(settings::run).withMessage(message);
  }

  private static ScoredPair pair(double margin) {
    return ScoredPair.of(
        new ScoredCompletion(margin - 9, Double.NaN, 3), new ScoredCompletion(-9, Double.NaN, 2));
  }

  @Provide
  Arbitrary<ScoredCompletion> completions() {
    return Scored.completions(20);
  }

  @Provide
  Arbitrary<List<ImmutableList<ScoredCompletion>>> pairs() {
    return Scored.pairs(100);
  }
}
