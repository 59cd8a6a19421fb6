package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import java.util.List;
import org.junit.jupiter.api.Test;

class SftLossTest {

  private static final ImmutableList<ScoredCompletion> LONG =
      ImmutableList.of(new ScoredCompletion(-6, Double.NaN, 5));
  private static final ImmutableList<ScoredCompletion> SHORT =
      ImmutableList.of(new ScoredCompletion(-1, Double.NaN, 2));

  @Test
  void it_is_the_mean_over_all_tokens_of_the_batch() {
    LossResult result = TR.sft().evaluate(Scored.batch(List.of(LONG, SHORT)));
    assertThat(result.value()).isCloseTo(1, within(1e-15));
    assertThat(result.gradient()).isDeepEqualTo(new double[][] {{-1.0 / 7}, {-1.0 / 7}});
    assertThat(TR.sft().reward(LONG.get(0))).isEqualTo(-6);
  }

  @Test
  void slices_add_up_to_the_whole() {
    LossResult first = TR.sft().evaluate(part(LONG));
    LossResult second = TR.sft().evaluate(part(SHORT));
    assertThat(first.value() + second.value()).isCloseTo(1, within(1e-15));
    assertThat(first.gradient()).isDeepEqualTo(second.gradient());
    assertThat(TR.sft().separable()).isTrue();
  }

  @Test
  void it_is_finite_and_linear_far_out() {
    var far = ImmutableList.of(new ScoredCompletion(-1e4, Double.NaN, 1));
    assertThat(TR.sft().evaluate(Scored.batch(List.of(far))).value()).isEqualTo(1e4);
  }

  @Test
  void it_uses_no_reference() {
    assertThat(TR.sft().usesReference()).isFalse();
    assertThat(TR.sft().name()).isEqualTo("sft");
  }

  @Test
  void of_a_pair_only_the_chosen_completion_is_imitated() {
    var pair = ImmutableList.of(LONG.get(0), SHORT.get(0));
    LossResult result = TR.sft().evaluate(Scored.batch(List.of(pair)));
    assertThat(result.value()).isCloseTo(1.2, within(1e-15));
    assertThat(result.gradient()).isDeepEqualTo(new double[][] {{-0.2, 0}});
  }

  @Test
  void what_is_labelled_undesirable_is_refused() {
    TR.sft().check(Example.demonstration(new int[1], new int[1]));
    TR.sft().check(Example.pair(new int[1], new int[1], new int[1]));
    TR.sft().check(Example.labelled(new int[1], new int[1], true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TR.sft().check(Example.labelled(new int[1], new int[1], false)))
        .withMessage("the loss sft imitates completions, but in memory is labelled undesirable");
  }

  private static ScoredBatch part(ImmutableList<ScoredCompletion> completions) {
    return Scored.batch(List.of(LONG, SHORT)).with(ImmutableList.of(Scored.example(completions)));
  }
}
