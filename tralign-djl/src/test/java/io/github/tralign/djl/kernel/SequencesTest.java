package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequencesTest {

  @Test
  void a_sequence_has_the_keys_of_the_prompt_before_its_own() {
    Sequences sequences =
        Sequences.of(new long[][] {{0, 4, 0, 4}, {4, 2, 4, 2}, {4, 2, 0, 3}, {6, 3, 6, 3}});
    assertThat(sequences.queryStarts()).containsExactly(0, 4, 6, 9);
    assertThat(sequences.keyStarts()).containsExactly(0, 4, 9, 12);
    assertThat(sequences.keys()).containsExactly(0, 1, 2, 3, 0, 1, 2, 4, 5, 6, 7, 8);
    assertThat(sequences.longest()).containsExactly(4, 5);
  }
}
