package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for every loss that is a mean over pairs. */
class PairwiseLossTest {

  @Property
  void derivatives_agree_with_central_differences(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected) {
    PairTerm term = loss.at(ScoredPair.of(chosen, rejected));
    double h = 1e-3;
    double byChosen =
        (loss.at(ScoredPair.of(shifted(chosen, h), rejected)).value()
                - loss.at(ScoredPair.of(shifted(chosen, -h), rejected)).value())
            / (2 * h);
    double byRejected =
        (loss.at(ScoredPair.of(chosen, shifted(rejected, h))).value()
                - loss.at(ScoredPair.of(chosen, shifted(rejected, -h))).value())
            / (2 * h);
    double scale = loss.rewardScale();
    assertThat(term.chosen()).isCloseTo(byChosen, within(1e-6 * (Math.abs(term.chosen()) + scale)));
    assertThat(term.rejected())
        .isCloseTo(byRejected, within(1e-6 * (Math.abs(term.rejected()) + scale)));
  }

  @Property
  void only_log_ratios_count(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected,
      @ForAll @IntRange(min = -64, max = 64) int shift) {
    PairTerm term = loss.at(ScoredPair.of(chosen, rejected));
    PairTerm moved =
        loss.at(
            ScoredPair.of(
                new ScoredCompletion(
                    chosen.logp() + shift, chosen.referenceLogp() + shift, chosen.tokens()),
                rejected));
    assertThat(moved.value()).isCloseTo(term.value(), within(1e-10 * (1 + term.value())));
    assertThat(moved.chosen()).isCloseTo(term.chosen(), within(1e-10));
    assertThat(moved.rejected()).isCloseTo(term.rejected(), within(1e-10));
  }

  @Property
  void log_ratios_of_ten_thousand_are_no_trouble(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("farCompletions") ScoredCompletion chosen,
      @ForAll("farCompletions") ScoredCompletion rejected) {
    PairTerm term = loss.at(ScoredPair.of(chosen, rejected));
    assertThat(term.value()).isFinite().isNotNegative();
    assertThat(term.chosen()).isFinite();
    assertThat(term.rejected()).isFinite();
  }

  @Property
  void a_batch_is_the_mean_of_its_pairs(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("pairs") List<ImmutableList<ScoredCompletion>> pairs) {
    LossResult result = loss.evaluate(Scored.batch(pairs));
    double mean = 0;
    for (int i = 0; i < pairs.size(); i++) {
      PairTerm term = loss.at(ScoredPair.of(pairs.get(i).get(0), pairs.get(i).get(1)));
      mean += term.value() / pairs.size();
      assertThat(result.gradient()[i])
          .containsExactly(
              new double[] {term.chosen() / pairs.size(), term.rejected() / pairs.size()},
              within(1e-12));
    }
    assertThat(result.value()).isCloseTo(mean, within(1e-12 * (1 + mean)));
  }

  @Property
  void slices_add_up_to_the_whole(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("pairs") List<ImmutableList<ScoredCompletion>> pairs,
      @ForAll @IntRange(min = 1, max = 4) int size) {
    ScoredBatch whole = Scored.batch(pairs);
    LossResult result = loss.evaluate(whole);
    double sum = 0;
    int row = 0;
    for (List<ImmutableList<ScoredCompletion>> part : Lists.partition(pairs, size)) {
      LossResult share = loss.evaluate(whole.with(Scored.batch(part).examples()));
      sum += share.value();
      for (int i = 0; i < part.size(); i++, row++) {
        assertThat(share.gradient()[i]).containsExactly(result.gradient()[row]);
      }
    }
    assertThat(sum).isCloseTo(result.value(), within(1e-12 * (1 + result.value())));
  }

  @Property
  void the_order_of_pairs_does_not_matter(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("pairs") List<ImmutableList<ScoredCompletion>> pairs) {
    LossResult result = loss.evaluate(Scored.batch(pairs));
    LossResult turned = loss.evaluate(Scored.batch(Lists.reverse(pairs)));
    assertThat(turned.value()).isCloseTo(result.value(), within(1e-12 * (1 + result.value())));
    for (int i = 0; i < pairs.size(); i++) {
      assertThat(turned.gradient()[pairs.size() - 1 - i]).containsExactly(result.gradient()[i]);
    }
  }

  @Property
  void rewards_are_log_ratios_times_beta(
      @ForAll("losses") PairwiseLoss loss, @ForAll("completions") ScoredCompletion completion) {
    assertThat(loss.reward(completion))
        .isEqualTo(loss.rewardScale() * (completion.logp() - completion.referenceLogp()));
  }

  @Property
  void every_loss_is_separable_and_asks_for_a_reference(@ForAll("losses") PairwiseLoss loss) {
    assertThat(loss.separable()).isTrue();
    assertThat(loss.usesReference()).isTrue();
  }

  @Property(tries = 20)
  void what_is_no_pair_is_refused(@ForAll("losses") PairwiseLoss loss) {
    ImmutableIntArray token = ImmutableIntArray.of(1);
    var single =
        new io.github.tralign.data.Example(token, ImmutableList.of(token), "pairs.jsonl:7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.check(single))
        .withMessage(
            "the loss %s needs preference pairs, but pairs.jsonl:7 is a prompt with 1"
                + " completion(s)",
            loss.name());
    loss.check(io.github.tralign.data.Example.pair(new int[1], new int[1], new int[1]));
  }

  /** A loss on pairs may do without a reference; its rewards are then log-probabilities. */
  @Example
  void without_a_reference_rewards_are_log_probabilities() {
    PairwiseLoss free =
        new PairwiseLoss() {
          @Override
          public String name() {
            return "free";
          }

          @Override
          public double rewardScale() {
            return 2;
          }

          @Override
          public boolean usesReference() {
            return false;
          }

          @Override
          public PairTerm at(ScoredPair pair) {
            return PairTerm.ofMargin(pair.rejected().logp() - pair.chosen().logp(), -1);
          }
        };
    var pair =
        ImmutableList.of(
            new ScoredCompletion(-3, Double.NaN, 2), new ScoredCompletion(-5, Double.NaN, 1));
    LossResult result = free.evaluate(Scored.batch(List.of(pair)));
    assertThat(result.value()).isEqualTo(-2);
    assertThat(result.gradient()[0]).containsExactly(-1, 1);
    assertThat(free.reward(pair.get(0))).isEqualTo(-6);
  }

  @Provide
  Arbitrary<PairwiseLoss> losses() {
    return Losses.any(Losses.pairwise());
  }

  @Provide
  Arbitrary<ScoredCompletion> completions() {
    return Scored.completions(20);
  }

  @Provide
  Arbitrary<ScoredCompletion> farCompletions() {
    return Scored.completions(1e4);
  }

  @Provide
  Arbitrary<List<ImmutableList<ScoredCompletion>>> pairs() {
    return Scored.pairs(100);
  }

  private static ScoredCompletion shifted(ScoredCompletion completion, double by) {
    return new ScoredCompletion(
        completion.logp() + by, completion.referenceLogp(), completion.tokens());
  }
}
