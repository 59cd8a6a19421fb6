package io.github.tralign.loss;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;

/** What holds for every loss. */
class AlignmentLossTest {

  private static final double STEP = 1e-4;

  /** A loss with a batch that it takes. */
  record Case(AlignmentLoss loss, ScoredBatch batch) {

    LossResult evaluate() {
      return loss.evaluate(batch);
    }
  }

  @Property
  void derivatives_are_those_of_the_value(@ForAll("differentiable") Case it) {
    LossResult result = it.evaluate();
    for (int i = 0; i < it.batch.size(); i++) {
      for (int k = 0; k < it.batch.get(i).completions().size(); k++) {
        int row = i;
        int completion = k;
        assertDerivative(
            result.gradient()[i][k],
            by -> it.loss.evaluate(moved(it.batch, row, completion, by, 0)),
            moved -> moved.gradient()[row][completion]);
        if (it.loss.usesDivergence()) {
          assertDerivative(
              result.divergenceGradient()[i][k],
              by -> it.loss.evaluate(moved(it.batch, row, completion, 0, by)),
              moved -> moved.divergenceGradient()[row][completion]);
        }
      }
    }
  }

  @Property
  void there_is_a_finite_derivative_for_each_completion_even_far_out(@ForAll("far") Case it) {
    LossResult result = it.evaluate();
    assertThat(result.value()).isFinite();
    assertThat(result.gradient()).hasNumberOfRows(it.batch.size());
    for (int i = 0; i < it.batch.size(); i++) {
      assertThat(result.gradient()[i]).hasSameSizeAs(it.batch.get(i).completions());
      for (double slope : result.gradient()[i]) {
        assertThat(slope).isFinite();
      }
    }
    assertThat(result.divergenceGradient().length)
        .isEqualTo(it.loss.usesDivergence() ? it.batch.size() : 0);
    for (ScoredExample example : it.batch.examples()) {
      assertThat(it.loss.reward(example.first())).isFinite();
    }
  }

  @Property
  void the_order_of_examples_does_not_matter(@ForAll("all") Case it) {
    Assume.that(!Losses.goesByPlace(it.loss));
    LossResult result = it.evaluate();
    LossResult turned =
        it.loss.evaluate(it.batch.with(ImmutableList.copyOf(Lists.reverse(it.batch.examples()))));
    assertThat(turned.value()).isCloseTo(result.value(), nearly(result.value()));
    for (int i = 0; i < it.batch.size(); i++) {
      assertClose(turned.gradient()[it.batch.size() - 1 - i], result.gradient()[i]);
    }
  }

  @Property
  void slices_of_a_separable_loss_add_up(
      @ForAll("all") Case it, @ForAll @IntRange(min = 1, max = 4) int size) {
    Assume.that(it.loss.separable());
    LossResult result = it.evaluate();
    double sum = 0;
    int row = 0;
    for (List<ScoredExample> slice : Lists.partition(it.batch.examples(), size)) {
      LossResult share = it.loss.evaluate(it.batch.with(ImmutableList.copyOf(slice)));
      sum += share.value();
      for (double[] slopes : share.gradient()) {
        assertThat(slopes).containsExactly(result.gradient()[row++]);
      }
    }
    assertThat(sum).isCloseTo(result.value(), nearly(result.value()));
  }

  @Property
  void value_and_derivatives_are_in_proportion_to_the_weights(
      @ForAll("all") Case it, @ForAll @DoubleRange(min = 0, max = 10) double factor) {
    Assume.that(Losses.takesWeights(it.loss));
    LossResult result = it.evaluate();
    LossResult scaled = it.loss.evaluate(weighted(it.batch, weight -> factor * weight));
    assertThat(scaled.value()).isCloseTo(factor * result.value(), nearly(factor * result.value()));
    for (int i = 0; i < it.batch.size(); i++) {
      double[] expected = result.gradient()[i].clone();
      for (int k = 0; k < expected.length; k++) {
        expected[k] *= factor;
      }
      assertClose(scaled.gradient()[i], expected);
    }
  }

  @Property
  void an_example_of_weight_zero_pulls_at_nothing(@ForAll("all") Case it) {
    Assume.that(Losses.takesWeights(it.loss) && !Losses.pullsAcrossRows(it.loss));
    List<ScoredExample> examples = new ArrayList<>(it.batch.examples());
    ScoredExample first = examples.get(0);
    examples.set(0, new ScoredExample(first.completions(), first.judgement().weight(0)));
    LossResult result = it.loss.evaluate(it.batch.with(ImmutableList.copyOf(examples)));
    for (double slope : result.gradient()[0]) {
      assertThat(Math.abs(slope)).isZero();
    }
  }

  @Property
  void a_loss_has_no_memory_but_the_one_it_is_given(@ForAll("all") Case it) {
    LossResult first = it.evaluate();
    LossResult again = it.evaluate();
    assertThat(again.value()).isEqualTo(first.value());
    assertThat(again.gradient()).isDeepEqualTo(first.gradient());
    assertThat(again.metrics()).isEqualTo(first.metrics());
    assertThat(again.memory()).isEqualTo(first.memory());
  }

  @Property
  void a_loss_that_depends_on_lengths_says_so(@ForAll("all") Case it) {
    Assume.that(!it.loss.usesLengths());
    ImmutableList.Builder<ScoredExample> examples = ImmutableList.builder();
    for (ScoredExample example : it.batch.examples()) {
      var completions = example.completions().stream().map(AlignmentLossTest::ofOneToken);
      examples.add(new ScoredExample(completions.collect(toImmutableList()), example.judgement()));
    }
    LossResult result = it.evaluate();
    LossResult shortened = it.loss.evaluate(it.batch.with(examples.build()));
    assertThat(shortened.value()).isEqualTo(result.value());
    assertThat(shortened.gradient()).isDeepEqualTo(result.gradient());
  }

  @Provide
  Arbitrary<Case> differentiable() {
    return cases(Losses.differentiable(), 20);
  }

  @Provide
  Arbitrary<Case> all() {
    return cases(Losses.all(), 100);
  }

  @Provide
  Arbitrary<Case> far() {
    return cases(Losses.all(), 1e4);
  }

  private static Arbitrary<Case> cases(
      ImmutableList<Arbitrary<? extends AlignmentLoss>> losses, double limit) {
    return Combinators.combine(Losses.<AlignmentLoss>any(losses), Scored.batches(limit))
        .as((loss, batch) -> new Case(loss, Scored.fit(batch, loss)));
  }

  /**
   * Compares with central differences of fourth order; not where the derivative jumps within the
   * step. There its second difference is large, or, where it jumps by little, does not grow with
   * the square of the step.
   */
  private static void assertDerivative(
      double slope, DoubleFunction<LossResult> moved, ToDoubleFunction<LossResult> slopeOf) {
    LossResult farLeft = moved.apply(-2 * STEP);
    LossResult farRight = moved.apply(2 * STEP);
    double left = slopeOf.applyAsDouble(farLeft);
    double right = slopeOf.applyAsDouble(farRight);
    double size = Math.max(Math.abs(slope), Math.max(Math.abs(left), Math.abs(right)));
    LossResult nearLeft = moved.apply(-STEP);
    LossResult nearRight = moved.apply(STEP);
    double bend = left - 2 * slope + right;
    double nearBend =
        slopeOf.applyAsDouble(nearLeft) - 2 * slope + slopeOf.applyAsDouble(nearRight);
    if (Math.abs(bend) > 1e-4 * size || Math.abs(bend - 4 * nearBend) > 1e-6 * size) {
      return;
    }
    double near = nearRight.value() - nearLeft.value();
    double far = farRight.value() - farLeft.value();
    double byDifferences = (8 * near - far) / (12 * STEP);
    assertThat(slope)
        .isCloseTo(
            byDifferences,
            within(1e-6 * Math.abs(slope) + 1e-10 * (1 + Math.abs(farLeft.value()))));
  }

  private static ScoredBatch moved(
      ScoredBatch batch, int row, int completion, double byLogp, double byDivergence) {
    ScoredExample example = batch.get(row);
    List<ScoredCompletion> completions = new ArrayList<>(example.completions());
    ScoredCompletion it = completions.get(completion);
    completions.set(
        completion,
        new ScoredCompletion(
            it.logp() + byLogp,
            it.referenceLogp(),
            it.tokens(),
            it.divergence() + byDivergence,
            it.collision()));
    List<ScoredExample> examples = new ArrayList<>(batch.examples());
    examples.set(row, new ScoredExample(ImmutableList.copyOf(completions), example.judgement()));
    return batch.with(ImmutableList.copyOf(examples));
  }

  private static ScoredBatch weighted(ScoredBatch batch, DoubleUnaryOperator change) {
    ImmutableList.Builder<ScoredExample> examples = ImmutableList.builder();
    for (ScoredExample example : batch.examples()) {
      double weight = change.applyAsDouble(example.judgement().weight());
      examples.add(new ScoredExample(example.completions(), example.judgement().weight(weight)));
    }
    return batch.with(examples.build());
  }

  private static ScoredCompletion ofOneToken(ScoredCompletion it) {
    return new ScoredCompletion(it.logp(), it.referenceLogp(), 1, it.divergence(), it.collision());
  }

  private static void assertClose(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int k = 0; k < expected.length; k++) {
      assertThat(actual[k]).isCloseTo(expected[k], nearly(expected[k]));
    }
  }

  private static Offset<Double> nearly(double value) {
    return within(1e-11 * (1 + Math.abs(value)));
  }
}
