package io.github.tralign.loss;

import static io.github.tralign.data.Example.labelled;
import static io.github.tralign.loss.Numerics.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class KtoLossTest {

  /** {@code w/2}, with the pull {@code wβ/4}. */
  @Property
  void where_policy_and_reference_agree_it_is_half_the_weight(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0.1, max = 10) double weight) {
    KtoLoss loss = TR.kto(beta).weights(weight, 2 * weight);
    CompletionTerm good = loss.at(Scored.of(0), true, 0);
    CompletionTerm bad = loss.at(Scored.of(0), false, 0);
    assertThat(good).isEqualTo(new CompletionTerm(weight / 2, -weight * beta / 4));
    assertThat(bad).isEqualTo(new CompletionTerm(weight, weight * beta / 2));
  }

  /** As the paper writes it: {@code 1 − σ(β(a − z))} and {@code 1 − σ(β(z − a))}. */
  @Property
  void it_is_the_equation_of_the_paper(
      @ForAll @DoubleRange(min = -100, max = 100) double a,
      @ForAll @DoubleRange(min = 0, max = 100) double z) {
    KtoLoss loss = TR.kto(0.1).weights(1, 1.5);
    assertThat(loss.at(Scored.of(a), true, z).value())
        .isCloseTo(1 - sigmoid(0.1 * (a - z)), within(1e-15));
    assertThat(loss.at(Scored.of(a), false, z).value())
        .isCloseTo(1.5 * (1 - sigmoid(0.1 * (z - a))), within(1e-15));
  }

  @Property
  void it_lies_between_zero_and_the_weight_and_pulls_good_up_and_bad_down(
      @ForAll @DoubleRange(min = -300, max = 300) double a,
      @ForAll @DoubleRange(min = 0.1, max = 10) double more) {
    KtoLoss loss = TR.kto(0.1);
    assertThat(loss.at(Scored.of(a), true, 1).value()).isBetween(0.0, 1.0);
    assertThat(loss.at(Scored.of(a + more), true, 1).value())
        .isLessThan(loss.at(Scored.of(a), true, 1).value());
    assertThat(loss.at(Scored.of(a + more), false, 1).value())
        .isGreaterThan(loss.at(Scored.of(a), false, 1).value());
  }

  /** A good completion at a margin is as well off as a bad one at the opposite margin. */
  @Property
  void good_and_bad_mirror_each_other_about_the_baseline(
      @ForAll @DoubleRange(min = -100, max = 100) double off,
      @ForAll @DoubleRange(min = 0, max = 50) double z) {
    CompletionTerm good = TR.kto(0.2).at(new ScoredCompletion(z + off, 0, 1), true, z);
    CompletionTerm bad = TR.kto(0.2).at(new ScoredCompletion(z - off, 0, 1), false, z);
    assertThat(good.value()).isCloseTo(bad.value(), within(1e-13));
    assertThat(good.slope()).isCloseTo(-bad.slope(), within(1e-13));
  }

  @Example
  void the_baseline_is_the_mean_over_mismatched_completions() {
    assertThat(baseline(1, 2, 6)).isEqualTo(3);
  }

  /** Clamped part by part, 9 and −3 would give 4.5. */
  @Example
  void the_baseline_is_clamped_after_the_mean() {
    assertThat(baseline(9, -3)).isEqualTo(3);
    assertThat(baseline(1, -3)).isZero();
  }

  @Example
  void without_mismatched_completions_the_baseline_is_zero() {
    assertThat(baseline()).isZero();
  }

  @Example
  void an_estimate_that_is_not_a_number_shows() {
    assertThat(baseline(1, Double.NaN)).isNaN();
  }

  @Example
  void a_slice_is_held_against_the_baseline_of_the_whole_batch() {
    ScoredBatch whole = batch(0.5, -1).withMismatched(mismatched(2, 4));
    LossResult result = TR.kto(0.1).evaluate(whole);
    double value = 0;
    for (int i = 0; i < 2; i++) {
      LossResult slice = TR.kto(0.1).evaluate(whole.with(ImmutableList.of(whole.get(i))));
      assertThat(slice.metrics()).containsEntry("kl", 1.5);
      assertThat(slice.gradient()[0]).containsExactly(result.gradient()[i]);
      value += slice.value();
    }
    assertThat(value).isCloseTo(result.value(), within(1e-15));
    assertThat(result.metrics()).containsEntry("kl", 3.0);
    assertThat(result.value())
        .isCloseTo((sigmoid(-0.1 * (0.5 - 3)) + sigmoid(0.1 * (-1 - 3))) / 2, within(1e-15));
    assertThat(TR.kto(0.1).separable()).isTrue();
  }

  @Property
  void weights_that_even_out_the_labels_need_no_warning(
      @ForAll @IntRange(min = 1, max = 50) int good,
      @ForAll @IntRange(min = 1, max = 50) int bad,
      @ForAll @IntRange(max = 3) int thirds) {
    KtoLoss loss = TR.kto(0.1).weights((1 + thirds / 9.0) * bad / good, 1);
    assertThat(loss.warnings(rows(good, bad))).isEmpty();
    assertThat(TR.kto(0.1).weights(0.99 * bad / good, 1).warnings(rows(good, bad))).hasSize(1);
    assertThat(TR.kto(0.1).weights(1, 0.7 * good / bad).warnings(rows(good, bad))).hasSize(1);
  }

  @Example
  void other_weights_are_reported_with_what_would_be_right() {
    assertThat(TR.kto(0.1).weights(2, 1.5).warnings(rows(6, 2)))
        .containsExactly(
            "kto: desirable completions count 4.00 times as much as undesirable ones, but 1 to 4/3"
                + " times is recommended: take a desirable weight of 0.500 to 0.667, or an"
                + " undesirable weight of 4.50 to 6.00");
  }

  @Example
  void what_is_recommended_is_not_warned_of() {
    assertThat(TR.kto(0.1).weights(0.5, 1.5).warnings(rows(6, 2))).isEmpty();
    assertThat(TR.kto(0.1).weights(2, 6).warnings(rows(6, 2))).isEmpty();
    assertThat(TR.kto(0.1).weights(2, 4.5).warnings(rows(6, 2))).isEmpty();
  }

  @Example
  void rows_count_as_their_weights_say() {
    var halves =
        rows(6, 3).stream()
            .map(it -> it.with(it.judgement().weight(it.judgement().isDesirable() ? 0.5 : 1)))
            .toList();
    assertThat(TR.kto(0.1).warnings(halves)).isEmpty();
    assertThat(TR.kto(0.1).warnings(rows(6, 3))).hasSize(1);
  }

  @Example
  void labels_of_one_kind_alone_are_reported() {
    assertThat(TR.kto(0.1).warnings(rows(3, 0)))
        .containsExactly("kto: no completion is undesirable in this data");
    assertThat(TR.kto(0.1).warnings(rows(0, 3)))
        .containsExactly("kto: no completion is desirable in this data");
  }

  @Example
  void its_defaults_are_those_of_the_field() {
    assertThat(TR.kto(0.1)).isEqualTo(new KtoLoss(0.1, 1, 1));
    assertThat(TR.kto(0.1).weights(1, 2)).isEqualTo(new KtoLoss(0.1, 1, 2));
    assertThat(TR.kto(0.1).name()).isEqualTo("kto");
    assertThat(TR.kto(0.1).usesMismatched()).isTrue();
  }

  @Example
  void settings_outside_their_range_are_refused() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.kto(wrong))
          .withMessage("beta must be a number > 0, not " + wrong);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.kto(0.1).weights(wrong, 1))
          .withMessage("desirable weight must be a number > 0, not " + wrong);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.kto(0.1).weights(1, wrong))
          .withMessage("undesirable weight must be a number > 0, not " + wrong);
    }
  }

  private static List<io.github.tralign.data.Example> rows(int desirable, int undesirable) {
    return IntStream.range(0, desirable + undesirable)
        .mapToObj(i -> labelled(new int[1], new int[1], i < desirable))
        .toList();
  }

  private static double baseline(double... logRatios) {
    return TR.kto(0.1).baseline(batch(0, 0).withMismatched(mismatched(logRatios)));
  }

  private static ImmutableList<ScoredCompletion> mismatched(double... logRatios) {
    return ImmutableList.copyOf(Arrays.stream(logRatios).mapToObj(Scored::of).toList());
  }

  /** One desirable and one undesirable completion. */
  private static ScoredBatch batch(double desirable, double undesirable) {
    return ScoredBatch.of(
        ImmutableList.of(Scored.labelled(desirable, true), Scored.labelled(undesirable, false)));
  }
}
