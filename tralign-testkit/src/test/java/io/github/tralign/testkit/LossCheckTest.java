package io.github.tralign.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tralign.TR;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.PairTerm;
import io.github.tralign.loss.PairwiseLoss;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import io.github.tralign.loss.ScoredPair;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossCheckTest {

  /** {@code ln(1 + exp(-h))} with a derivative of one's own. */
  private record Own(Function<ScoredPair, PairTerm> term) implements PairwiseLoss {
    @Override
    public PairTerm at(ScoredPair pair) {
      return term.apply(pair);
    }

    @Override
    public double rewardScale() {
      return 1;
    }

    @Override
    public String name() {
      return "own";
    }
  }

  /** DPO with another result. */
  private record Spoilt(UnaryOperator<LossResult> change) implements PairwiseLoss {
    @Override
    public PairTerm at(ScoredPair pair) {
      return TR.dpo(0.1).at(pair);
    }

    @Override
    public LossResult evaluate(ScoredBatch batch) {
      return change.apply(TR.dpo(0.1).evaluate(batch));
    }

    @Override
    public double rewardScale() {
      return 0.1;
    }

    @Override
    public String name() {
      return "spoilt";
    }
  }

  private static Own logistic(double factor) {
    return new Own(
        pair -> PairTerm.ofMargin(softplus(-pair.h()), -factor / (1 + Math.exp(pair.h()))));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  static Stream<AlignmentLoss> right() {
    return Stream.of(
        logistic(1),
        TR.dpo(0.1),
        TR.ipoMean(0.1),
        TR.kto(0.1),
        TR.aot(0.1),
        TR.ktoPair(0.1),
        TR.tdpo1(0.1),
        TR.sft(),
        TR.dpo(0.1).plus(0.5, TR.sft()));
  }

  @ParameterizedTest
  @MethodSource("right")
  void a_loss_that_is_right_passes(AlignmentLoss loss) {
    LossCheck.check(loss);
    assertThat(new LossCheck(loss).loss()).isEqualTo(loss);
  }

  @Test
  void a_loss_that_takes_a_figure_of_the_batch_for_a_constant_passes_without_derivatives() {
    new LossCheck(TR.bco(0.1)).checkApartFromDerivatives();
    fails(TR.bco(0.1), "the derivative is");
  }

  @Test
  void a_wrong_derivative_is_reported_with_its_row_and_what_is_right() {
    fails(logistic(1.01), "the loss own: row 1, completion 0: the derivative is ");
    fails(logistic(1.01), "by finite differences of the value it is ");
    fails(logistic(-1), "completion 0: the derivative is ");
  }

  @Test
  void the_batch_of_a_wrong_derivative_is_shown_in_short_lines() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> LossCheck.check(logistic(1.01)))
        .satisfies(
            it ->
                assertThat(String.valueOf(it.getMessage()).lines().skip(1))
                    .isNotEmpty()
                    .allSatisfy(
                        line ->
                            assertThat(line)
                                .hasSizeLessThan(160)
                                .matches(
                                    "  row \\d+.*: log π -[0-9.]+, ref -[0-9.]+, \\d+ tokens?;.*")));
  }

  @Test
  void a_shown_batch_has_what_its_rows_are_judged_by() {
    ScoredExample row =
        new ScoredExample(
            List.of(new ScoredCompletion(-12.345678, Double.NaN, 1, 0.5, Double.NaN)),
            Judgement.labelled(false).weight(0.25).margin(2));
    assertThat(new ShownBatch(ScoredBatch.of(List.of(row))))
        .hasToString(
            "%n  row 0, undesirable, weight 0.2500, margin 2.000: log π -12.35, divergence 0.5000, 1 token"
                .formatted());
  }

  @Test
  void a_gradient_of_another_shape_is_reported() {
    fails(
        new Spoilt(it -> new LossResult(it.value(), new double[][] {{1, 1}})),
        "derivatives for 1 rows; expected ");
    fails(
        new Spoilt(it -> new LossResult(it.value(), new double[it.gradient().length][1])),
        "row 0: the derivatives are [0.0], for 2 completion(s)");
    fails(
        new Spoilt(it -> new LossResult(it.value(), new double[it.gradient().length][])),
        "row 0: the derivatives are null, for 2 completion(s)");
  }

  @Test
  void what_is_not_finite_far_out_is_reported() {
    Own naive =
        new Own(
            pair ->
                PairTerm.ofMargin(
                    Math.log(1 + Math.exp(-pair.h())), -1 / (1 + Math.exp(pair.h()))));
    fails(naive, "the value is Infinity");
  }

  @Test
  void a_loss_that_remembers_by_itself_is_reported() {
    double[] calls = {0};
    Own counting = new Own(pair -> new PairTerm(calls[0]++ * 1e-12, 0, 0));
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(new LossCheck(counting)::checkApartFromDerivatives)
        .withMessageContaining("must keep its state in LossResult.memory");
  }

  @Test
  void a_loss_that_hides_that_it_depends_on_lengths_is_reported() {
    Own mean =
        new Own(
            pair ->
                PairTerm.ofMeans(-pair.chosen().meanLogp() + pair.rejected().meanLogp(), -1, pair));
    fails(mean, "usesLengths() must be true");
  }

  private static void fails(AlignmentLoss loss, String message) {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> LossCheck.check(loss))
        .withMessageContaining(message);
  }
}
