package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
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
  void only_log_ratios_count(
      @ForAll("losses") PairwiseLoss loss,
      @ForAll("pairs") ScoredPair pair,
      @ForAll @IntRange(min = -64, max = 64) int shift) {
    ScoredCompletion chosen = pair.chosen();
    ScoredCompletion shifted =
        new ScoredCompletion(
            chosen.logp() + shift, chosen.referenceLogp() + shift, chosen.tokens());
    PairTerm term = loss.at(pair);
    PairTerm moved = loss.at(new ScoredPair(shifted, pair.rejected(), pair.judgement()));
    assertThat(moved.value()).isCloseTo(term.value(), within(1e-10 * (1 + Math.abs(term.value()))));
    assertThat(moved.chosen()).isCloseTo(term.chosen(), within(1e-10));
    assertThat(moved.rejected()).isCloseTo(term.rejected(), within(1e-10));
  }

  @Property
  void a_batch_is_the_weighted_mean_of_its_pairs(
      @ForAll("losses") PairwiseLoss loss, @ForAll("batches") ScoredBatch batch) {
    LossResult result = loss.evaluate(batch);
    double mean = 0;
    for (int i = 0; i < batch.size(); i++) {
      ScoredPair pair = batch.pair(i);
      PairTerm term = loss.at(pair);
      double share = pair.judgement().weight() / batch.size();
      mean += share * term.value();
      assertThat(result.gradient()[i])
          .containsExactly(
              new double[] {share * term.chosen(), share * term.rejected()}, within(1e-12));
    }
    assertThat(result.value()).isCloseTo(mean, within(1e-12 * (1 + Math.abs(mean))));
  }

  @Property
  void rewards_are_log_ratios_times_beta(
      @ForAll("losses") PairwiseLoss loss, @ForAll("completions") ScoredCompletion completion) {
    assertThat(loss.reward(completion))
        .isEqualTo(loss.rewardScale() * (completion.logp() - completion.referenceLogp()));
  }

  @Property
  void every_loss_is_separable_and_asks_for_a_reference_alone(@ForAll("losses") PairwiseLoss loss) {
    assertThat(loss.separable()).isTrue();
    assertThat(loss.usesReference()).isTrue();
    assertThat(loss.usesMismatched()).isFalse();
    assertThat(loss.usesDivergence()).isFalse();
    assertThat(loss.usesCollision()).isFalse();
    assertThat(loss.tokenWeights()).isEqualTo(TokenWeights.ONE);
    assertThat(loss.warnings(ImmutableList.of(Losses.JUDGED_PAIR))).isEmpty();
  }

  @Example
  void what_is_no_pair_is_refused() {
    ImmutableIntArray token = ImmutableIntArray.of(1);
    var single =
        new io.github.tralign.data.Example(token, ImmutableList.of(token), "pairs.jsonl:7");
    for (Arbitrary<? extends PairwiseLoss> losses : Losses.pairwise()) {
      PairwiseLoss loss = losses.sample();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.check(single))
          .withMessage(
              "the loss %s needs preference pairs, but pairs.jsonl:7 is a prompt with 1"
                  + " completion; losses such as kto take single ones",
              loss.name());
      loss.check(Losses.JUDGED_PAIR);
    }
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
  Arbitrary<ScoredBatch> batches() {
    return Scored.batches(20);
  }

  @Provide
  Arbitrary<ScoredPair> pairs() {
    return batches().map(batch -> batch.pair(0));
  }

  private static final class Halved implements PairwiseLoss {
    @Override
    public PairTerm at(ScoredPair pair) {
      return new PairTerm(0, 0, 0);
    }

    @Override
    public double rewardScale() {
      return 0.5;
    }
  }

  @Example
  void a_custom_loss_is_named_by_its_class() {
    assertThat(new Halved().name()).isEqualTo("Halved");
  }
}
