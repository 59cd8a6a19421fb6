package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepExamplesTest {

  @Test
  void each_prompt_gets_the_completion_of_the_row_before() {
    List<Example> mismatched = mismatched(9, labelled(1, 11), labelled(2, 12), labelled(3, 13));
    assertThat(mismatched).extracting(it -> it.prompt().get(0)).containsExactly(1, 2, 3);
    assertThat(mismatched)
        .extracting(it -> it.completions().get(0).get(0))
        .containsExactly(13, 11, 12);
  }

  @Test
  void rows_of_the_same_prompt_are_passed_over() {
    List<Example> mismatched = mismatched(9, labelled(1, 11), labelled(2, 12), labelled(2, 13));
    assertThat(mismatched)
        .extracting(it -> it.completions().get(0).get(0))
        .containsExactly(13, 11, 11);
  }

  @Test
  void there_is_none_where_no_two_prompts_differ() {
    Batches alone = Batches.inOrder(PreferenceData.of(labelled(1, 11)), 4);
    assertThat(new StepExamples(true, 9).mismatched(alone.at(1))).isEmpty();
    Batches alike = Batches.inOrder(PreferenceData.of(labelled(1, 11), labelled(1, 12)), 4);
    assertThat(new StepExamples(true, 9).mismatched(alike.at(1))).isEmpty();
  }

  @Test
  void there_is_none_unless_the_loss_asks() {
    Batches two = Batches.inOrder(PreferenceData.of(labelled(1, 11), labelled(2, 12)), 2);
    assertThat(new StepExamples(false, 9).mismatched(two.at(1))).isEmpty();
  }

  @Test
  void a_completion_is_cut_where_both_together_are_too_long() {
    Example longPrompt = Example.labelled(new int[] {1, 1, 1}, new int[] {2}, true);
    Example longCompletion = Example.labelled(new int[] {5}, new int[] {6, 7, 8}, true);
    assertThat(mismatched(4, longPrompt, longCompletion).get(0).completions().get(0).toArray())
        .containsExactly(6);
  }

  @Test
  void keys_tell_examples_apart() {
    Batches batches =
        Batches.inOrder(PreferenceData.of(labelled(1, 11), labelled(2, 12), labelled(3, 13)), 3);
    StepExamples steps = new StepExamples(true, 9);
    assertThat(steps.matched(batches.at(1)).keys())
        .containsExactly(0, (1L << 32) + 1, (2L << 32) + 2);
    assertThat(steps.mismatched(batches.at(1)).orElseThrow().keys())
        .containsExactly(2, 1L << 32, (2L << 32) + 1);
  }

  private static List<Example> mismatched(int longest, Example... examples) {
    Batches batches = Batches.inOrder(PreferenceData.of(examples), examples.length);
    return new StepExamples(true, longest)
        .mismatched(batches.at(1))
        .orElseThrow()
        .batch()
        .examples();
  }

  private static Example labelled(int prompt, int completion) {
    return Example.labelled(new int[] {prompt}, new int[] {completion}, true);
  }
}
