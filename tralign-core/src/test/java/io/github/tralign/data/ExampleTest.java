package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.row.Judgement;
import org.junit.jupiter.api.Test;

class ExampleTest {

  @Test
  void a_pair_holds_the_chosen_completion_first() {
    Example pair = Example.pair(new int[] {1, 2}, new int[] {3}, new int[] {4, 5});
    assertThat(pair.isPair()).isTrue();
    assertThat(pair.prompt().toArray()).containsExactly(1, 2);
    assertThat(pair.chosen().toArray()).containsExactly(3);
    assertThat(pair.rejected().toArray()).containsExactly(4, 5);
    assertThat(pair.completions()).containsExactly(pair.chosen(), pair.rejected());
  }

  @Test
  void packed_tokens_count_the_prompt_once() {
    Example pair = Example.pair(new int[] {1, 2, 3}, new int[] {4}, new int[] {5, 6});
    assertThat(pair.packedTokens()).isEqualTo(6);
    assertThat(pair.completionTokens()).isEqualTo(3);
  }

  @Test
  void a_demonstration_has_one_completion_and_neither_chosen_nor_rejected() {
    Example demonstration = Example.demonstration(new int[] {1}, new int[] {2, 3});
    assertThat(demonstration.completions()).hasSize(1);
    assertThat(demonstration.isPair()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(demonstration::chosen)
        .withMessageContaining("not a pair");
    assertThatIllegalStateException().isThrownBy(demonstration::rejected);
  }

  @Test
  void a_later_change_of_the_given_arrays_does_not_reach_the_example() {
    int[] prompt = {1};
    Example example = Example.demonstration(prompt, new int[] {2});
    prompt[0] = 9;
    assertThat(example.prompt().get(0)).isEqualTo(1);
  }

  @Test
  void an_empty_prompt_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Example.demonstration(new int[] {}, new int[] {1}))
        .withMessage("in memory: the prompt has no token");
  }

  @Test
  void an_empty_completion_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Example.pair(new int[] {1}, new int[] {1}, new int[] {}))
        .withMessage("in memory: completion 1 has no token");
  }

  @Test
  void a_prompt_without_completions_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Example(ImmutableIntArray.of(1), ImmutableList.of(), "data.jsonl:7"))
        .withMessage("data.jsonl:7: an example needs at least one completion");
  }

  @Test
  void a_judgement_is_for_as_many_completions_as_it_judges() {
    Example pair = Example.pair(new int[1], new int[1], new int[1]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pair.with(Judgement.labelled(true)))
        .withMessage("in memory: a label is for 1 completion, but there are 2");
    Example single = Example.demonstration(new int[1], new int[1]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> single.with(Judgement.NONE.margin(1)))
        .withMessage("in memory: a margin or win probability is for 2 completions, but there is 1");
  }

  @Test
  void a_negative_token_id_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Example.demonstration(new int[] {1}, new int[] {2, -3}))
        .withMessage("in memory: completion 0 holds the negative token id -3");
  }

  @Test
  void a_completion_knows_the_first_one_that_is_equal() {
    Example example =
        new Example(
            ImmutableIntArray.of(1),
            ImmutableList.of(
                ImmutableIntArray.of(2, 3), ImmutableIntArray.of(2), ImmutableIntArray.of(2, 3)),
            "in memory");
    assertThat(example.firstEqual(0)).isZero();
    assertThat(example.firstEqual(1)).isEqualTo(1);
    assertThat(example.firstEqual(2)).isZero();
  }
}
