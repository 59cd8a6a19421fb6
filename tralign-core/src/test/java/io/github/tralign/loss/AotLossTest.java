package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.row.Judgement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** Both forms: on pairs and without the pairing. */
class AotLossTest {

  @Property
  void where_policy_and_reference_agree_it_is_log_two(
      @ForAll("batches") List<ImmutableList<ScoredCompletion>> batch,
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta) {
    List<ImmutableList<ScoredCompletion>> agreed = new ArrayList<>();
    for (ImmutableList<ScoredCompletion> pair : batch) {
      agreed.add(ImmutableList.of(unmoved(pair.get(0)), unmoved(pair.get(1))));
    }
    for (AlignmentLoss loss : List.of(TR.aot(beta), TR.aotUnpaired(beta))) {
      LossResult result = loss.evaluate(Scored.batch(agreed));
      assertThat(result.value()).isCloseTo(Math.log(2), within(1e-14));
      for (double[] slopes : result.gradient()) {
        double slope = -beta / 2 / batch.size();
        assertThat(slopes).containsExactly(new double[] {slope, -slope}, within(1e-14 * beta));
      }
    }
  }

  @Property
  void a_batch_of_one_is_dpo(
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected,
      @ForAll @DoubleRange(min = 0, max = 0.45) double smoothing) {
    ScoredBatch batch = Scored.batch(List.of(ImmutableList.of(chosen, rejected)));
    LossResult dpo = TR.dpo(0.2).labelSmoothing(smoothing).evaluate(batch);
    for (AlignmentLoss loss :
        List.of(
            TR.aot(0.2).labelSmoothing(smoothing), TR.aotUnpaired(0.2).labelSmoothing(smoothing))) {
      LossResult result = loss.evaluate(batch);
      assertThat(result.value()).isCloseTo(dpo.value(), within(1e-12 * (1 + dpo.value())));
      assertThat(result.gradient()[0]).containsExactly(dpo.gradient()[0], within(1e-13));
    }
  }

  /** Of all pairings, the sorted one costs least for a convex function: the optimal transport. */
  @Property
  void it_is_never_more_than_dpo(@ForAll("batches") List<ImmutableList<ScoredCompletion>> batch) {
    double dpo = TR.dpo(0.2).evaluate(Scored.batch(batch)).value();
    for (AlignmentLoss loss : List.of(TR.aot(0.2), TR.aotUnpaired(0.2))) {
      assertThat(loss.evaluate(Scored.batch(batch)).value()).isLessThanOrEqualTo(dpo * (1 + 1e-12));
    }
  }

  /** By hand: margins 3, 1 under the policy and 5, −4 under the reference. */
  @Example
  void margins_of_the_same_rank_are_compared() {
    ScoredBatch batch =
        Scored.batch(
            List.of(
                ImmutableList.of(new ScoredCompletion(-1, -2, 1), new ScoredCompletion(-4, -7, 1)),
                ImmutableList.of(
                    new ScoredCompletion(-2, -5, 1), new ScoredCompletion(-3, -1, 1))));
    LossResult result = TR.aot(0.1).evaluate(batch);
    DpoLoss f = TR.dpo(0.1);
    assertThat(result.value()).isCloseTo((f.value(3 - 5) + f.value(1 + 4)) / 2, within(1e-15));
    assertThat(result.gradient()[0]).containsExactly(f.slope(-2) / 2, -f.slope(-2) / 2);
    assertThat(result.gradient()[1]).containsExactly(f.slope(5) / 2, -f.slope(5) / 2);
  }

  /** By hand: log-ratios 2, −1, 0 of chosen and 1, 4, −3 of rejected completions. */
  @Example
  void without_the_pairing_log_ratios_of_the_same_rank_are_compared() {
    ScoredBatch batch =
        Scored.batch(List.of(Scored.pair(2, 1), Scored.pair(-1, 4), Scored.pair(0, -3)));
    LossResult result = TR.aotUnpaired(0.1).evaluate(batch);
    DpoLoss f = TR.dpo(0.1);
    assertThat(result.value())
        .isCloseTo((f.value(-1 + 3) + f.value(0 - 1) + f.value(2 - 4)) / 3, within(1e-15));
    assertThat(result.gradient()[0]).containsExactly(f.slope(-2) / 3, -f.slope(-1) / 3);
    assertThat(result.gradient()[1]).containsExactly(f.slope(2) / 3, -f.slope(-2) / 3);
    assertThat(result.gradient()[2]).containsExactly(f.slope(-1) / 3, -f.slope(2) / 3);
  }

  @Property
  void which_pair_a_rejected_completion_stands_in_does_not_matter_to_the_unpaired_form(
      @ForAll("batches") List<ImmutableList<ScoredCompletion>> batch, @ForAll long seed) {
    List<ScoredCompletion> rejected = new ArrayList<>(batch.stream().map(it -> it.get(1)).toList());
    Collections.shuffle(rejected, new Random(seed));
    List<ImmutableList<ScoredCompletion>> others = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      others.add(ImmutableList.of(batch.get(i).get(0), rejected.get(i)));
    }
    LossResult result = TR.aotUnpaired(0.3).evaluate(Scored.batch(batch));
    LossResult shuffled = TR.aotUnpaired(0.3).evaluate(Scored.batch(others));
    assertThat(shuffled.value()).isCloseTo(result.value(), within(1e-12 * (1 + result.value())));
    for (int i = 0; i < batch.size(); i++) {
      assertThat(shuffled.gradient()[i][0]).isEqualTo(result.gradient()[i][0]);
    }
  }

  @Example
  void equal_margins_share_their_derivatives() {
    ScoredBatch batch =
        Scored.batch(
            List.of(
                ImmutableList.of(new ScoredCompletion(-1, -2, 1), new ScoredCompletion(-4, -7, 1)),
                ImmutableList.of(
                    new ScoredCompletion(-2, -5, 1), new ScoredCompletion(-5, -1, 1))));
    DpoLoss f = TR.dpo(0.1);
    double slope = (f.slope(3 - 5) + f.slope(3 + 4)) / 4;
    for (double[] slopes : TR.aot(0.1).evaluate(batch).gradient()) {
      assertThat(slopes).containsExactly(new double[] {slope, -slope}, within(1e-16));
    }
  }

  @Example
  void log_ratios_that_are_not_numbers_show() {
    ScoredBatch batch = Scored.batch(List.of(Scored.pair(Double.NaN, 1), Scored.pair(0, 2)));
    assertThat(TR.aot(0.1).evaluate(batch).value()).isNaN();
    assertThat(TR.aotUnpaired(0.1).evaluate(batch).value()).isNaN();
  }

  @Example
  void a_weight_belongs_to_no_rank_and_is_refused() {
    var pair = io.github.tralign.data.Example.pair(new int[1], new int[1], new int[1]);
    for (AlignmentLoss loss : List.of(TR.aot(0.1), TR.aotUnpaired(0.1))) {
      loss.check(pair);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.check(pair.with(Judgement.NONE.weight(0.5))))
          .withMessage(
              "the loss %s compares ranks within the batch and does not support weights of rows,"
                  + " but in memory has the weight 0.5",
              loss.name());
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  loss.check(io.github.tralign.data.Example.demonstration(new int[1], new int[1])))
          .withMessageContaining("needs preference pairs");
    }
  }

  @Example
  void their_names_and_defaults_are_those_of_the_field() {
    assertThat(TR.aot(0.1)).isEqualTo(new AotLoss(0.1, 0));
    assertThat(TR.aotUnpaired(0.1)).isEqualTo(new AotUnpairedLoss(0.1, 0));
    assertThat(TR.aot(0.1).name()).isEqualTo("aot");
    assertThat(TR.aotUnpaired(0.1).name()).isEqualTo("aot-unpaired");
    assertThat(TR.aot(0.1).separable()).isFalse();
    assertThat(TR.aotUnpaired(0.1).separable()).isFalse();
    assertThat(TR.aot(0.1).reward(Scored.of(3))).isEqualTo(0.1 * 3);
    assertThat(TR.aotUnpaired(0.2).reward(Scored.of(3))).isEqualTo(0.2 * 3);
  }

  @Example
  void settings_outside_their_range_are_refused() {
    for (double beta : new double[] {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.aot(beta))
          .withMessage("beta must be a number > 0, not " + beta);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.aotUnpaired(beta))
          .withMessage("beta must be a number > 0, not " + beta);
    }
    for (double smoothing : new double[] {-0.1, 0.5, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.aot(0.1).labelSmoothing(smoothing))
          .withMessage("label smoothing must lie in [0, 0.5), not be " + smoothing);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.aotUnpaired(0.1).labelSmoothing(smoothing))
          .withMessage("label smoothing must lie in [0, 0.5), not be " + smoothing);
    }
  }

  @Provide
  Arbitrary<ScoredCompletion> completions() {
    return Scored.completions(100);
  }

  @Provide
  Arbitrary<List<ImmutableList<ScoredCompletion>>> batches() {
    return Scored.pairs(100);
  }

  private static ScoredCompletion unmoved(ScoredCompletion completion) {
    return new ScoredCompletion(completion.logp(), completion.logp(), completion.tokens());
  }
}
