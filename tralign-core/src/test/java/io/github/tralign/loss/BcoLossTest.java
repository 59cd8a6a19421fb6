package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Doubles;
import io.github.tralign.TR;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

/** On labelled completions and on pairs. */
class BcoLossTest {

  @Property
  void where_policy_and_reference_agree_it_is_log_two_a_completion(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta) {
    LossResult single = TR.bco(beta).evaluate(labelled(0, 0));
    assertThat(single.value()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(single.gradient()).isDeepEqualTo(new double[][] {{-beta / 4}, {beta / 4}});
    LossResult pair = TR.bcoPairShift(beta).evaluate(pairs(0, 0));
    assertThat(pair.value()).isCloseTo(2 * Math.log(2), within(1e-15));
    assertThat(pair.gradient()).isDeepEqualTo(new double[][] {{-beta / 2, beta / 2}});
  }

  /** {@code −log σ(βa − δ)} and {@code −log σ(−(βa − δ))}. */
  @Example
  void it_is_the_equation_of_the_paper() {
    double delta = 0.1 * (4 - 2) / 2;
    LossResult result = TR.bco(0.1).evaluate(labelled(4, -2));
    assertThat(result.value())
        .isCloseTo((-logSigmoid(0.4 - delta) - logSigmoid(0.2 + delta)) / 2, within(1e-15));
    assertThat(result.metrics()).containsExactly(entry("delta", delta));
  }

  /** All that a policy gains on good and bad completions alike is taken out. */
  @Property
  void in_the_first_step_a_shift_of_all_log_ratios_does_not_matter(
      @ForAll @DoubleRange(min = -50, max = 50) double a,
      @ForAll @DoubleRange(min = -50, max = 50) double b,
      @ForAll @DoubleRange(min = -50, max = 50) double shift) {
    assertThat(TR.bco(0.2).evaluate(labelled(a + shift, b + shift)).value())
        .isCloseTo(TR.bco(0.2).evaluate(labelled(a, b)).value(), within(1e-13));
    assertThat(TR.bcoPairShift(0.2).evaluate(pairs(a + shift, b + shift)).value())
        .isCloseTo(TR.bcoPairShift(0.2).evaluate(pairs(a, b)).value(), within(1e-13));
  }

  @Example
  void delta_is_the_mean_over_all_completions_so_far_those_of_the_batch_included() {
    BcoLoss loss = TR.bco(0.5);
    ImmutableMap<String, Double> memory = ImmutableMap.of();
    double[][] steps = {{1, 3}, {5, -1, 2}, {8}};
    double[] deltas = {0.5 * 4 / 2, 0.5 * 10 / 5, 0.5 * 18 / 6};
    for (int step = 0; step < steps.length; step++) {
      LossResult result = loss.evaluate(labelled(steps[step]).withMemory(memory));
      assertThat(result.metrics().get("delta")).isCloseTo(deltas[step], within(1e-15));
      memory = result.memory();
    }
  }

  @Property
  void the_memory_of_steps_is_that_of_one_step_with_all_completions(
      @ForAll @Size(min = 1, max = 5) List<@DoubleRange(min = -1e4, max = 1e4) Double> first,
      @ForAll @Size(min = 1, max = 5) List<@DoubleRange(min = -1e4, max = 1e4) Double> second) {
    BcoLoss loss = TR.bco(0.1);
    double[] before = Doubles.toArray(first);
    double[] after = Doubles.toArray(second);
    ImmutableMap<String, Double> inSteps =
        loss.evaluate(labelled(after).withMemory(loss.evaluate(labelled(before)).memory()))
            .memory();
    ImmutableMap<String, Double> atOnce =
        loss.evaluate(labelled(Doubles.concat(before, after))).memory();
    assertThat(inSteps.keySet()).isEqualTo(atOnce.keySet());
    inSteps.forEach((key, value) -> assertThat(value).isCloseTo(atOnce.get(key), within(1e-9)));
  }

  @Property
  void on_pairs_it_is_twice_that_on_their_completions(
      @ForAll @DoubleRange(min = -100, max = 100) double a,
      @ForAll @DoubleRange(min = -100, max = 100) double b,
      @ForAll @DoubleRange(min = -5, max = 5) double delta) {
    ImmutableMap<String, Double> memory = ImmutableMap.of("delta", delta, "delta/count", 6.0);
    LossResult single = TR.bco(0.3).evaluate(labelled(a, b).withMemory(memory));
    LossResult pair = TR.bcoPairShift(0.3).evaluate(pairs(a, b).withMemory(memory));
    assertThat(pair.value()).isCloseTo(2 * single.value(), within(1e-13 * (1 + pair.value())));
    assertThat(pair.gradient()[0])
        .containsExactly(2 * single.gradient()[0][0], 2 * single.gradient()[1][0]);
    assertThat(pair.metrics()).isEqualTo(single.metrics());
    assertThat(pair.memory()).isEqualTo(single.memory());
  }

  @Example
  void it_is_the_mean_over_the_batch() {
    ScoredExample pair = Scored.example(Scored.pair(2, 1));
    LossResult one = TR.bcoPairShift(0.3).evaluate(ScoredBatch.of(ImmutableList.of(pair)));
    LossResult two = TR.bcoPairShift(0.3).evaluate(ScoredBatch.of(ImmutableList.of(pair, pair)));
    assertThat(two.value()).isCloseTo(one.value(), within(1e-15));
    assertThat(two.gradient()[1][0]).isCloseTo(one.gradient()[0][0] / 2, within(1e-15));
  }

  @Example
  void a_pair_counts_as_its_weight_says() {
    ScoredExample pair = Scored.example(Scored.pair(2, 1));
    ScoredExample half = new ScoredExample(pair.completions(), pair.judgement().weight(0.5));
    LossResult whole = TR.bcoPairShift(0.3).evaluate(ScoredBatch.of(ImmutableList.of(pair, pair)));
    LossResult result = TR.bcoPairShift(0.3).evaluate(ScoredBatch.of(ImmutableList.of(half, pair)));
    assertThat(result.value()).isCloseTo(0.75 * whole.value(), within(1e-15));
    assertThat(result.gradient()[0][1]).isCloseTo(whole.gradient()[0][1] / 2, within(1e-15));
  }

  @Example
  void a_batch_of_one_kind_is_fine() {
    assertThat(TR.bco(0.1).evaluate(labelled(3)).value()).isCloseTo(Math.log(2), within(1e-15));
  }

  @Example
  void both_need_the_whole_batch() {
    assertThat(TR.bco(0.1).separable()).isFalse();
    assertThat(TR.bcoPairShift(0.1).separable()).isFalse();
    assertThat(TR.bco(0.1).usesMismatched()).isFalse();
  }

  @Example
  void their_names_tell_them_apart() {
    assertThat(TR.bco(0.1).name()).isEqualTo("bco");
    assertThat(TR.bcoPairShift(0.1).name()).isEqualTo("bco-pair-shift");
  }

  @Example
  void a_beta_outside_its_range_is_refused() {
    for (double beta : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.bco(beta))
          .withMessage("beta must be a number > 0, not " + beta);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.bcoPairShift(beta))
          .withMessage("beta must be a number > 0, not " + beta);
    }
  }

  /** The first desirable, all others undesirable. */
  private static ScoredBatch labelled(double... logRatios) {
    ImmutableList.Builder<ScoredExample> examples = ImmutableList.builder();
    for (int i = 0; i < logRatios.length; i++) {
      examples.add(Scored.labelled(logRatios[i], i == 0));
    }
    return ScoredBatch.of(examples.build());
  }

  private static ScoredBatch pairs(double a, double b) {
    return ScoredBatch.of(ImmutableList.of(Scored.example(Scored.pair(a, b))));
  }
}
