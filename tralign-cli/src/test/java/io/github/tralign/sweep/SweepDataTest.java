package io.github.tralign.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tralign.InvalidSettingException;
import io.github.tralign.data.Example;
import io.github.tralign.sweep.SweepData.Parts;
import io.github.tralign.sweep.SweepData.Sizes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepDataTest {

  @Test
  void no_prompt_is_in_two_parts() {
    List<Example> pairs = new ArrayList<>(pairs(0, 30));
    pairs.addAll(pairs(0, 10)); // the same prompts again
    SweepData data = new SweepData(pairs, List.of(), new Sizes(0, 0, 6));
    assertThat(data.sizes()).isEqualTo(new Sizes(16, 8, 6));
    Parts parts = data.parts(7);
    assertThat(List.of(parts.training(), parts.judge(), parts.heldOut()))
        .map(List::size)
        .containsExactly(16, 8, 6);
    assertThat(prompts(parts)).hasSize(30);
    assertThat(data.parts(7)).isEqualTo(parts);
    assertThat(data.parts(8)).isNotEqualTo(parts);
  }

  @Test
  void held_out_prompts_of_other_files_are_not_trained_on() {
    SweepData data = new SweepData(pairs(0, 20), pairs(15, 25), new Sizes(0, 0, 4));
    assertThat(data.sizes()).isEqualTo(new Sizes(10, 5, 4));
    Parts parts = data.parts(1);
    assertThat(pairs(15, 25)).containsAll(parts.heldOut());
    assertThat(prompts(parts)).hasSize(10 + 5 + 4);
    assertThat(parts.training()).doesNotContainAnyElementsOf(pairs(15, 20));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1, evalPrompts, at least 2",
    "0, 0, 21, evalPrompts, at most 20",
    "0, 0, 20, judgePairs, leave a pair for training",
    "0, 15, 5, judgePairs, leave a pair for training",
    "12, 4, 5, trainPairs, at most 11",
  })
  void sizes_that_do_not_fit_are_refused(
      int training, int judge, int held, String setting, String message) {
    Sizes sizes = new Sizes(training, judge, held);
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> new SweepData(pairs(0, 20), List.of(), sizes))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.setting()).isEqualTo(setting));
  }

  @Test
  void an_example_that_is_no_pair_is_refused() {
    List<Example> one = List.of(Example.demonstration(new int[] {1}, new int[] {2}));
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> new SweepData(one, List.of(), new Sizes(0, 0, 2)))
        .withMessageContaining("is no pair");
  }

  private static Set<Object> prompts(Parts parts) {
    Set<Object> prompts = new HashSet<>();
    for (List<Example> part : List.of(parts.training(), parts.judge(), parts.heldOut())) {
      part.forEach(pair -> prompts.add(pair.prompt()));
    }
    return prompts;
  }

  private static List<Example> pairs(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> Example.pair(new int[] {i}, new int[] {1}, new int[] {2}))
        .toList();
  }
}
