package io.github.tralign.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordScoreTest {

  @Test
  void whole_words_and_phrases_count_in_any_case() {
    WordScore score = WordScore.of(List.of("please", "happy to", "I'd"));
    assertThat(score.in("Please, I'd be happy  to. Happy to! Pleased. PLEASE")).isEqualTo(4);
    assertThat(score.in("")).isZero();
  }

  @Test
  void signs_are_no_patterns() {
    assertThat(WordScore.of(List.of("a.c", "?")).in("abc a.c ?")).isEqualTo(2);
  }
}
