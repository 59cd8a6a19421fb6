package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.github.tralign.testkit.LossCheck;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What holds for every loss. */
class AlignmentLossTest {

  /** A loss with a batch that it takes. */
  record Case(AlignmentLoss loss, ScoredBatch batch) {}

  @Property
  void derivatives_are_those_of_the_value(@ForAll("differentiable") Case it) {
    new LossCheck(it.loss).derivatives(it.batch);
  }

  @Property
  void there_is_a_finite_derivative_for_each_completion_even_far_out(@ForAll("far") Case it) {
    new LossCheck(it.loss).finite(it.batch);
    assertThat(it.loss.evaluate(it.batch).divergenceGradient().length)
        .isEqualTo(it.loss.usesDivergence() ? it.batch.size() : 0);
  }

  @Property
  void the_order_of_examples_does_not_matter(@ForAll("all") Case it) {
    Assume.that(!Losses.goesByPlace(it.loss));
    new LossCheck(it.loss).order(it.batch);
  }

  @Property
  void slices_of_a_separable_loss_add_up(
      @ForAll("all") Case it, @ForAll @IntRange(min = 1, max = 4) int size) {
    Assume.that(it.loss.separable());
    new LossCheck(it.loss).slices(it.batch, size);
  }

  @Property
  void value_and_derivatives_are_in_proportion_to_the_weights(
      @ForAll("all") Case it, @ForAll @DoubleRange(min = 0, max = 10) double factor) {
    Assume.that(Losses.takesWeights(it.loss));
    new LossCheck(it.loss).weights(it.batch, factor);
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
    new LossCheck(it.loss).noMemory(it.batch);
  }

  @Property
  void a_loss_that_depends_on_lengths_says_so(@ForAll("all") Case it) {
    Assume.that(!it.loss.usesLengths());
    new LossCheck(it.loss).lengths(it.batch);
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
}
