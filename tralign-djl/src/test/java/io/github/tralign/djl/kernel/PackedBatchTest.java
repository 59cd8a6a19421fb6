package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import org.junit.jupiter.api.Test;

class PackedBatchTest {

  @Test
  void a_prompt_comes_once_and_each_completion_without_its_last_token() {
    PackedBatch packed =
        PackedBatch.of(
            PreferenceBatch.of(
                Example.pair(new int[] {1, 2}, new int[] {3, 4, 5}, new int[] {6}),
                Example.demonstration(new int[] {7}, new int[] {8, 9})));
    assertThat(packed.ids()).containsExactly(1, 2, 3, 4, 7, 8);
    assertThat(packed.positions()).containsExactly(0, 1, 2, 3, 0, 1);
    assertThat(packed.attended()).isDeepEqualTo(new long[][] {{0, 4, 0, 4}, {4, 2, 4, 2}});
    assertThat(packed.targets()).containsExactly(3, 4, 5, 6, 8, 9);
    assertThat(packed.predicting()).containsExactly(1, 2, 3, 1, 4, 5);
    assertThat(packed.longest()).isEqualTo(4);
  }

  @Test
  void a_prompt_that_several_examples_have_comes_once() {
    PackedBatch packed =
        PackedBatch.of(
            PreferenceBatch.of(
                Example.demonstration(new int[] {1, 2}, new int[] {3, 4}),
                Example.demonstration(new int[] {5}, new int[] {6, 7}),
                Example.pair(new int[] {1, 2}, new int[] {8, 9, 10}, new int[] {11})));
    assertThat(packed.ids()).containsExactly(1, 2, 3, 8, 9, 5, 6);
    assertThat(packed.attended())
        .isDeepEqualTo(new long[][] {{0, 3, 0, 3}, {3, 2, 3, 2}, {3, 2, 0, 2}, {5, 2, 5, 2}});
    assertThat(packed.targets()).containsExactly(3, 4, 6, 7, 8, 9, 10, 11);
    assertThat(packed.predicting()).containsExactly(1, 2, 5, 6, 1, 3, 4, 1);
  }
}
