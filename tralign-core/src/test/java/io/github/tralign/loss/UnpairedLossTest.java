package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.TR;
import io.github.tralign.data.row.Judgement;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What holds for every loss on labelled completions. */
class UnpairedLossTest {

  @Property
  void the_derivative_agrees_with_central_differences(
      @ForAll("losses") UnpairedLoss loss,
      @ForAll @DoubleRange(min = -50, max = 50) double logRatio,
      @ForAll boolean desirable,
      @ForAll @DoubleRange(min = -5, max = 5) double baseline) {
    double h = 1e-3;
    double left = loss.at(Scored.of(logRatio - h), desirable, baseline).value();
    double right = loss.at(Scored.of(logRatio + h), desirable, baseline).value();
    double slope = loss.at(Scored.of(logRatio), desirable, baseline).slope();
    assertThat(slope).isCloseTo((right - left) / (2 * h), within(1e-6 * Math.abs(slope) + 1e-10));
  }

  @Property
  void only_the_log_ratio_counts(
      @ForAll("losses") UnpairedLoss loss,
      @ForAll @DoubleRange(min = -50, max = 50) double logRatio,
      @ForAll boolean desirable,
      @ForAll @IntRange(min = -64, max = 64) int shift,
      @ForAll @IntRange(min = 1, max = 50) int tokens) {
    CompletionTerm term = loss.at(Scored.of(logRatio), desirable, 1);
    CompletionTerm moved =
        loss.at(new ScoredCompletion(logRatio + shift, shift, tokens), desirable, 1);
    assertThat(moved.value()).isCloseTo(term.value(), within(1e-12 * (1 + term.value())));
    assertThat(moved.slope()).isCloseTo(term.slope(), within(1e-12));
  }

  @Property
  void good_completions_are_pulled_up_and_bad_ones_down(
      @ForAll("losses") UnpairedLoss loss,
      @ForAll @DoubleRange(min = -300, max = 300) double logRatio) {
    assertThat(loss.at(Scored.of(logRatio), true, 0).slope()).isNegative();
    assertThat(loss.at(Scored.of(logRatio), false, 0).slope()).isPositive();
  }

  @Property
  void log_ratios_of_ten_thousand_are_no_trouble(
      @ForAll("losses") UnpairedLoss loss,
      @ForAll @DoubleRange(min = -1e4, max = 1e4) double logRatio,
      @ForAll boolean desirable) {
    CompletionTerm term = loss.at(Scored.of(logRatio), desirable, 0);
    assertThat(term.value()).isFinite().isGreaterThanOrEqualTo(-0.0);
    assertThat(term.slope()).isFinite();
  }

  @Property
  void rewards_are_log_ratios_times_beta(
      @ForAll("losses") UnpairedLoss loss, @ForAll @DoubleRange(min = -50, max = 50) double a) {
    assertThat(loss.reward(Scored.of(a))).isEqualTo(loss.rewardScale() * a);
    assertThat(loss.usesReference()).isTrue();
  }

  /** Held against the mean log-ratio of the batch, as a loss of one's own might be. */
  @Example
  void each_completion_counts_as_its_weight_says_and_is_held_against_the_baseline() {
    UnpairedLoss loss = new Centred();
    ScoredExample heavy =
        new ScoredExample(ImmutableList.of(Scored.of(3)), Judgement.labelled(true).weight(0.5));
    ScoredBatch batch = ScoredBatch.of(ImmutableList.of(heavy, Scored.labelled(1, false)));
    LossResult result = loss.evaluate(batch);
    assertThat(result.value()).isEqualTo((0.5 * -(3 - 2) + (1 - 2)) / 2);
    assertThat(result.gradient()).isDeepEqualTo(new double[][] {{-0.25}, {0.5}});
    assertThat(result.divergenceGradient()).isEmpty();
  }

  @Example
  void without_a_reference_rewards_are_log_probabilities() {
    assertThat(new Centred().reward(new ScoredCompletion(-3, Double.NaN, 2))).isEqualTo(-6);
  }

  @Example
  void unless_it_says_otherwise_a_loss_is_separable_and_held_against_zero() {
    UnpairedLoss loss = TR.apoZeroUnpaired(0.1);
    assertThat(loss.separable()).isTrue();
    assertThat(loss.baseline(ScoredBatch.of(ImmutableList.of(Scored.labelled(3, true))))).isZero();
  }

  @Property(tries = 20)
  void what_is_not_labelled_is_refused(@ForAll("losses") UnpairedLoss loss) {
    ImmutableIntArray token = ImmutableIntArray.of(1);
    var row = new io.github.tralign.data.Example(token, ImmutableList.of(token), "rows.jsonl:7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.check(row))
        .withMessage(
            "the loss %s needs completions labelled desirable or undesirable, but rows.jsonl:7 is"
                + " not labelled",
            loss.name());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                loss.check(io.github.tralign.data.Example.pair(new int[1], new int[1], new int[1])))
        .withMessageEndingWith("is a pair; PreferenceData.unpaired() labels both");
    loss.check(row.with(Judgement.labelled(true)));
    loss.check(row.with(Judgement.labelled(false).weight(2)));
  }

  @Provide
  Arbitrary<UnpairedLoss> losses() {
    return Arbitraries.oneOf(
        Losses.<UnpairedLoss>any(Losses.unpaired()), Losses.BETA.map(BcoLoss::new));
  }

  private record Centred() implements UnpairedLoss {

    @Override
    public String name() {
      return "centred";
    }

    @Override
    public boolean usesReference() {
      return false;
    }

    @Override
    public double rewardScale() {
      return 2;
    }

    @Override
    public double baseline(ScoredBatch batch) {
      return batch.examples().stream().mapToDouble(it -> it.first().logp()).average().orElse(0);
    }

    @Override
    public CompletionTerm at(ScoredCompletion completion, boolean desirable, double baseline) {
      double off = completion.logp() - baseline;
      return new CompletionTerm(desirable ? -off : off, desirable ? -1 : 1);
    }
  }
}
