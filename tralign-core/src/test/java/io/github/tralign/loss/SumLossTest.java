package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class SumLossTest {

  /** Counts its steps, and pulls at divergences: what a loss may do beside its gradient. */
  private record Counting(double pull) implements AlignmentLoss {
    @Override
    public String name() {
      return "counting";
    }

    @Override
    public boolean usesReference() {
      return false;
    }

    @Override
    public boolean usesMismatched() {
      return true;
    }

    @Override
    public boolean usesDivergence() {
      return true;
    }

    @Override
    public LossResult evaluate(ScoredBatch batch) {
      double steps = batch.memory().getOrDefault("steps", 0.0) + pull;
      double[][] rows = new double[batch.size()][2];
      double[][] divergence = new double[batch.size()][2];
      divergence[0][1] = pull;
      return new LossResult(steps, rows)
          .withDivergence(divergence)
          .withMetrics(ImmutableMap.of("steps", steps))
          .withMemory(ImmutableMap.of("steps", steps));
    }
  }

  @Property
  void values_and_gradients_add_up_by_weight(
      @ForAll("pairs") List<ImmutableList<ScoredCompletion>> pairs,
      @ForAll @DoubleRange(min = 0.1, max = 3) double u,
      @ForAll @DoubleRange(min = 0.1, max = 3) double v) {
    ScoredBatch batch = Scored.batch(pairs);
    LossResult dpo = TR.dpo(0.1).evaluate(batch);
    LossResult sft = TR.sft().evaluate(batch);
    LossResult sum = TR.dpo(0.1).times(u).plus(v, TR.sft()).evaluate(batch);
    assertThat(sum.value())
        .isCloseTo(u * dpo.value() + v * sft.value(), within(1e-12 * (1 + sum.value())));
    for (int i = 0; i < pairs.size(); i++) {
      for (int k = 0; k < 2; k++) {
        assertThat(sum.gradient()[i][k])
            .isCloseTo(u * dpo.gradient()[i][k] + v * sft.gradient()[i][k], within(1e-14));
      }
    }
    assertThat(sum.metrics())
        .containsExactly(entry("loss/dpo", dpo.value()), entry("loss/sft", sft.value()));
    assertThat(sum.divergenceGradient()).isEmpty();
    assertThat(sum.memory()).isEmpty();
  }

  @Test
  void sums_of_sums_are_flat_and_in_order() {
    SumLoss inner = TR.ipo(0.1).plus(0.5, TR.sft());
    SumLoss sum = TR.dpo(0.1).times(2).plus(3, inner).times(0.1);
    assertThat(sum.terms())
        .extracting(SumLoss.Term::loss)
        .containsExactly(TR.dpo(0.1), TR.ipo(0.1), TR.sft());
    assertThat(sum.terms().get(0).weight()).isCloseTo(0.2, within(1e-15));
    assertThat(sum.terms().get(1).weight()).isCloseTo(0.3, within(1e-15));
    assertThat(sum.terms().get(2).weight()).isCloseTo(0.15, within(1e-15));
    assertThat(TR.dpo(0.1).plus(TR.sft())).isEqualTo(TR.dpo(0.1).plus(1, TR.sft()));
    assertThat(inner.times(1)).isEqualTo(inner);
  }

  @Test
  void its_name_reads_like_the_sum() {
    assertThat(TR.dpo(0.1).times(0.8).plus(0.25, TR.ipo(0.1)).plus(TR.sft()).name())
        .isEqualTo("0.8 dpo + 0.25 ipo + sft");
    assertThat(TR.dpo(0.1).plus(10, TR.sft()).name()).isEqualTo("dpo + 10 sft");
    assertThat(TR.dpo(0.1).wpo().plus(1e-7, TR.sft()).name()).isEqualTo("dpo[wpo] + 0.0000001 sft");
  }

  @Test
  void rewards_are_those_of_the_first_loss() {
    assertThat(TR.ipo(0.5).plus(TR.dpo(2)).reward(Scored.of(3))).isEqualTo(1.5);
    assertThat(TR.dpo(2).plus(TR.ipo(0.5)).reward(Scored.of(3))).isEqualTo(6);
  }

  @Test
  void it_uses_what_any_of_its_losses_uses() {
    AlignmentLoss counting = new Counting(1);
    AlignmentLoss both = TR.dpo(0.1).wpo().plus(counting);
    assertThat(TR.dpo(0.1).plus(counting).usesLengths()).isFalse();
    assertThat(both.usesReference()).isTrue();
    assertThat(both.usesMismatched()).isTrue();
    assertThat(both.usesDivergence()).isTrue();
    assertThat(both.usesCollision()).isTrue();
    assertThat(both.usesLengths()).isTrue();
    assertThat(both.separable()).isFalse();
    AlignmentLoss free = TR.simpo(2, 0.5).plus(TR.sft());
    assertThat(free.usesReference()).isFalse();
    assertThat(free.usesMismatched()).isFalse();
    assertThat(free.usesDivergence()).isFalse();
    assertThat(free.usesCollision()).isFalse();
    assertThat(free.usesLengths()).isTrue();
    assertThat(free.separable()).isTrue();
    assertThat(free.tokenWeights()).isEqualTo(TokenWeights.ONE);
    assertThat(TR.dpo(0.1).lengthDesensitized(0.3).times(2).tokenWeights())
        .isEqualTo(TR.dpo(0.1).lengthDesensitized(0.3).tokenWeights());
  }

  @Test
  void each_loss_has_a_memory_metrics_and_divergences_of_its_own() {
    AlignmentLoss sum = new Counting(1).plus(2, TR.sft()).plus(10, new Counting(5));
    ScoredBatch batch = Scored.batch(List.of(Scored.pair(-1, -2), Scored.pair(-3, -4)));
    LossResult first = sum.evaluate(batch);
    LossResult second = sum.evaluate(batch.withMemory(first.memory()));
    assertThat(second.value()).isCloseTo(2 + 2 * 2 + 10 * 10, within(1e-12));
    assertThat(second.memory()).containsExactly(entry("0/steps", 2.0), entry("2/steps", 10.0));
    assertThat(second.divergenceGradient()).isDeepEqualTo(new double[][] {{0, 51}, {0, 0}});
    assertThat(second.metrics())
        .containsExactly(
            entry("loss/counting-1", 2.0),
            entry("counting-1/steps", 2.0),
            entry("loss/sft", 2.0),
            entry("loss/counting-3", 10.0),
            entry("counting-3/steps", 10.0));
  }

  @Test
  void a_metric_that_one_loss_alone_has_keeps_its_name() {
    ScoredBatch batch = Scored.batch(List.of(Scored.pair(-1, -2)));
    assertThat(new Counting(1).plus(TR.sft()).evaluate(batch).metrics())
        .containsExactly(entry("loss/counting", 1.0), entry("steps", 1.0), entry("loss/sft", 1.0));
  }

  @Test
  void every_loss_warns_of_the_examples() {
    List<Example> good = List.of(Example.labelled(new int[1], new int[1], true));
    AlignmentLoss sum = TR.apoZeroUnpaired(0.1).plus(TR.kto(0.1)).plus(TR.kto(0.2));
    String warning = "kto: no completion is undesirable in this data";
    assertThat(sum.warnings(good)).containsExactly(warning, warning);
    assertThat(TR.sft().plus(TR.dpo(0.1)).warnings(good)).isEmpty();
  }

  @Test
  void every_loss_checks_the_examples() {
    AlignmentLoss sum = TR.sft().plus(TR.dpo(0.1));
    sum.check(Losses.JUDGED_PAIR);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sum.check(Example.demonstration(new int[1], new int[1])))
        .withMessageContaining("the loss dpo needs preference pairs");
  }

  @Test
  void what_cannot_be_added_is_refused() {
    refused(
        () -> TR.dpo(0.1).lengthDesensitized(0.3).plus(TR.sft()),
        "the losses dpo[ld] + sft cannot be added: they weight tokens differently");
    refused(
        () -> TR.dpo(0.1).plus(0, TR.sft()),
        "the weight of the loss sft must be a number > 0, not 0.0");
    refused(
        () -> TR.dpo(0.1).times(-1), "the weight of the loss dpo must be a number > 0, not -1.0");
  }

  @Test
  void losses_that_no_row_fits_are_refused() {
    refused(
        () -> TR.dpo(0.1).plus(TR.kto(0.1)),
        "the losses dpo + kto cannot be added: no row fits all of them");
  }

  /** A loss with any result, right or wrong. */
  private record Any(LossResult result) implements AlignmentLoss {
    @Override
    public String name() {
      return "any";
    }

    @Override
    public boolean usesReference() {
      return true;
    }

    @Override
    public boolean separable() {
      return true;
    }

    @Override
    public LossResult evaluate(ScoredBatch batch) {
      return result;
    }
  }

  @Test
  void a_result_of_another_shape_is_refused() {
    ScoredBatch batch = Scored.batch(List.of(Scored.pair(1, -2)));
    LossResult right = new LossResult(1, new double[1][2]);
    assertThat(new Any(right).plus(new Any(right)).evaluate(batch).value()).isEqualTo(2);
    for (double[][] slopes : new double[][][] {{}, {{1, 2}, {1, 2}}, {{1}}, {{1, 2, 3}}, {null}}) {
      shape("other derivatives than one for each completion", new LossResult(1, slopes), batch);
    }
    shape("no result, but null", null, batch);
  }

  private static void shape(String message, LossResult wrong, ScoredBatch batch) {
    LossResult right = new LossResult(1, new double[1][2]);
    assertThatIllegalStateException()
        .isThrownBy(() -> new Any(right).plus(new Any(wrong)).evaluate(batch))
        .withMessageContainingAll("the loss any gives ", message);
  }

  private static void refused(Runnable sum, String message) {
    assertThatIllegalArgumentException().isThrownBy(sum::run).withMessage(message);
  }

  @Provide
  Arbitrary<List<ImmutableList<ScoredCompletion>>> pairs() {
    return Scored.pairs(100);
  }
}
