package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.TR;
import io.github.tralign.data.row.Judgement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class BetaDpoLossTest {

  @Property
  void where_policy_and_reference_agree_it_is_dpo_on_some_of_the_pairs(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @IntRange(min = 1, max = 20) int pairs) {
    LossResult result = TR.betaDpo(beta).evaluate(batch(new double[pairs]));
    assertThat(result.value()).isCloseTo(Math.log(2), within(1e-14));
    assertThat(result.metrics().get("beta")).isEqualTo(beta);
    assertThat(kept(result)).hasSize(Math.max(1, (int) (0.8 * pairs)));
  }

  /** Two pairs, both kept: μ = 0.1 · 2, mean of those kept 2, so β′ = 0.5 (1 + 0.6 · 1.8). */
  @Example
  void beta_follows_the_margins() {
    LossResult result = TR.betaDpo(0.5).kept(1).evaluate(batch(1, 3));
    double used = 0.5 * (1 + 0.6 * (2 - 0.2));
    DpoLoss dpo = TR.dpo(used);
    assertThat(result.metrics().get("beta")).isCloseTo(used, within(1e-15));
    assertThat(result.metrics().get("gap/mean")).isCloseTo(0.2, within(1e-15));
    assertThat(result.metrics().get("gap/std")).isCloseTo(0.1 * Math.sqrt(2), within(1e-15));
    assertThat(result.value()).isCloseTo((dpo.value(1) + dpo.value(3)) / 2, within(1e-14));
    assertThat(result.gradient()[0])
        .containsExactly(new double[] {dpo.slope(1) / 2, -dpo.slope(1) / 2}, within(1e-15));
    assertThat(result.gradient()[1])
        .containsExactly(new double[] {dpo.slope(3) / 2, -dpo.slope(3) / 2}, within(1e-15));
  }

  @Example
  void beta_never_falls_below_a_thousandth() {
    assertThat(TR.betaDpo(0.5).evaluate(batch(-1e4, -1e4)).metrics().get("beta")).isEqualTo(1e-3);
  }

  @Property
  void with_all_pairs_kept_and_scale_zero_it_is_dpo(
      @ForAll("batches") List<ImmutableList<ScoredCompletion>> pairs) {
    LossResult result = TR.betaDpo(0.2).scale(0).kept(1).evaluate(Scored.batch(pairs));
    LossResult dpo = TR.dpo(0.2).evaluate(Scored.batch(pairs));
    assertThat(result.value()).isCloseTo(dpo.value(), within(1e-12 * (1 + dpo.value())));
    for (int i = 0; i < pairs.size(); i++) {
      assertThat(result.gradient()[i]).containsExactly(dpo.gradient()[i], within(1e-15));
    }
  }

  @Property
  void it_is_dpo_with_the_reported_beta_on_the_pairs_kept(
      @ForAll("batches") List<ImmutableList<ScoredCompletion>> pairs) {
    LossResult result = TR.betaDpo(0.2).kept(0.5).evaluate(Scored.batch(pairs));
    Set<Integer> rows = kept(result);
    assertThat(rows).hasSize(Math.max(1, pairs.size() / 2));
    LossResult dpo =
        TR.dpo(result.metrics().get("beta"))
            .evaluate(Scored.batch(rows.stream().sorted().map(pairs::get).toList()));
    assertThat(result.value()).isCloseTo(dpo.value(), within(1e-12 * (1 + dpo.value())));
  }

  @Example
  void margins_far_from_the_usual_are_hardly_ever_kept() {
    ImmutableMap<String, Double> usual = ImmutableMap.of("gap/mean", 1.0, "gap/std", 1.0);
    for (int seed = 0; seed < 200; seed++) {
      LossResult result =
          TR.betaDpo(0.1)
              .momentum(0.99)
              .seed(seed)
              .evaluate(batch(1, 30, 2, 0, 1.5).withMemory(usual));
      assertThat(kept(result)).containsExactlyInAnyOrder(0, 2, 3, 4);
    }
  }

  @Example
  void the_draw_is_that_of_the_seed_and_the_step() {
    double[] gaps = DoubleStream.iterate(-1, gap -> gap + 0.1).limit(20).toArray();
    Set<Set<Integer>> draws = new HashSet<>();
    for (long seed = 0; seed < 10; seed++) {
      for (double step = 0; step < 10; step++) {
        ScoredBatch batch =
            batch(gaps).withMemory(ImmutableMap.of("gap/std", 1.0, "gap/steps", step));
        LossResult result = TR.betaDpo(0.1).seed(seed).evaluate(batch);
        assertThat(kept(TR.betaDpo(0.1).seed(seed).evaluate(batch))).isEqualTo(kept(result));
        assertThat(result.memory()).containsEntry("gap/steps", step + 1);
        draws.add(kept(result));
      }
    }
    assertThat(draws).hasSizeGreaterThan(90);
  }

  @Example
  void mean_and_deviation_move_by_a_tenth_of_the_batch_s() {
    LossResult first = TR.betaDpo(0.1).evaluate(batch(2, 4));
    LossResult second = TR.betaDpo(0.1).evaluate(batch(7).withMemory(first.memory()));
    LossResult third = TR.betaDpo(0.1).evaluate(batch(-1, 1, 3).withMemory(second.memory()));
    assertThat(first.metrics().get("gap/mean")).isCloseTo(0.3, within(1e-15));
    assertThat(second.metrics().get("gap/mean")).isCloseTo(0.27 + 0.7, within(1e-15));
    assertThat(third.metrics().get("gap/mean")).isCloseTo(0.873 + 0.1, within(1e-15));
    double deviation = 0.1 * Math.sqrt(2);
    assertThat(first.metrics().get("gap/std")).isCloseTo(deviation, within(1e-15));
    // Of one pair there is no deviation.
    assertThat(second.metrics().get("gap/std")).isCloseTo(deviation, within(1e-15));
    assertThat(third.metrics().get("gap/std")).isCloseTo(0.9 * deviation + 0.2, within(1e-15));
  }

  @Property
  void log_ratios_of_ten_thousand_are_no_trouble(
      @ForAll("farBatches") List<ImmutableList<ScoredCompletion>> pairs) {
    LossResult result = TR.betaDpo(0.2).evaluate(Scored.batch(pairs));
    assertThat(result.value()).isFinite().isNotNegative();
    assertThat(result.metrics().values()).allMatch(Double::isFinite);
    for (double[] slopes : result.gradient()) {
      assertThat(slopes[0]).isFinite().isEqualTo(-slopes[1]);
    }
  }

  @Example
  void a_pair_counts_as_its_weight_says() {
    ScoredExample pair = new ScoredExample(Scored.pair(2, 0), Judgement.NONE.weight(0.5));
    BetaDpoLoss loss = TR.betaDpo(0.1).kept(1);
    double value = loss.evaluate(ScoredBatch.of(ImmutableList.of(pair))).value();
    assertThat(value).isEqualTo(loss.evaluate(batch(2)).value() / 2);
  }

  @Example
  void its_defaults_are_those_of_the_authors() {
    assertThat(TR.betaDpo(0.1)).isEqualTo(new BetaDpoLoss(0.1, 0.6, 0.8, 0.9, 42));
    assertThat(TR.betaDpo(0.1).scale(1).kept(0.5).momentum(0).seed(7))
        .isEqualTo(new BetaDpoLoss(0.1, 1, 0.5, 0, 7));
    assertThat(TR.betaDpo(0.1).name()).isEqualTo("beta-dpo");
    assertThat(TR.betaDpo(0.1).separable()).isFalse();
    assertThat(TR.betaDpo(0.1).reward(Scored.of(3))).isEqualTo(0.1 * 3);
  }

  @Example
  void settings_outside_their_range_are_refused() {
    refused(() -> TR.betaDpo(0), "beta must be a number > 0, not 0.0");
    refused(() -> TR.betaDpo(1).scale(-1), "scale must be a number >= 0, not -1.0");
    refused(
        () -> TR.betaDpo(1).scale(Double.POSITIVE_INFINITY),
        "scale must be a number >= 0, not Infinity");
    for (double kept : new double[] {0, 1.1, Double.NaN}) {
      refused(
          () -> TR.betaDpo(1).kept(kept),
          "kept share of pairs must lie in (0, 1.0], not be " + kept);
    }
    for (double momentum : new double[] {-0.1, 1, Double.NaN}) {
      refused(
          () -> TR.betaDpo(1).momentum(momentum),
          "momentum must lie in [0, 1.0), not be " + momentum);
    }
  }

  private interface Making {
    BetaDpoLoss make();
  }

  private static void refused(Making making, String message) {
    assertThatIllegalArgumentException().isThrownBy(making::make).withMessage(message);
  }

  @Provide
  Arbitrary<List<ImmutableList<ScoredCompletion>>> batches() {
    return Scored.pairs(20);
  }

  @Provide
  Arbitrary<List<ImmutableList<ScoredCompletion>>> farBatches() {
    return Scored.pairs(1e4);
  }

  private static ScoredBatch batch(double... gaps) {
    return Scored.batch(DoubleStream.of(gaps).mapToObj(gap -> Scored.pair(gap, 0)).toList());
  }

  /** The rows that have a gradient. */
  private static Set<Integer> kept(LossResult result) {
    Set<Integer> rows = new HashSet<>();
    for (int i = 0; i < result.gradient().length; i++) {
      if (result.gradient()[i][0] != 0) {
        rows.add(i);
      }
    }
    return rows;
  }
}
