package io.github.tralign.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.random.L64X128Mix;
import org.junit.jupiter.api.Test;

class SourceLanguageTest {

  private final SourceLanguage language = new SourceLanguage(new L64X128Mix(3));

  @Test
  void each_symbol_permits_five_successors_and_leaks_two_percent() {
    for (int symbol = 0; symbol < SourceLanguage.SYMBOLS; symbol++) {
      double sum = 0;
      int likely = 0;
      for (int next = 0; next < SourceLanguage.SYMBOLS; next++) {
        double probability = language.probability(symbol, next);
        sum += probability;
        boolean isPermitted = language.permitted(new int[] {0, symbol, next}) == 1;
        assertThat(isPermitted).isEqualTo(probability > 0.02 / 24 + 1e-12);
        likely += isPermitted ? 1 : 0;
      }
      assertThat(sum).isCloseTo(1, within(1e-12));
      assertThat(likely).isEqualTo(5);
    }
  }

  @Test
  void texts_follow_the_transitions() {
    int[][] texts = language.texts(4000, 18, new L64X128Mix(5));
    int after = 0;
    int[] counts = new int[SourceLanguage.SYMBOLS];
    for (int[] text : texts) {
      for (int i = 1; i < text.length; i++) {
        if (text[i - 1] == 7) {
          after++;
          counts[text[i]]++;
        }
      }
    }
    for (int next = 0; next < counts.length; next++) {
      double p = language.probability(7, next);
      assertThat(counts[next] / (double) after)
          .isCloseTo(p, within(4 * Math.sqrt(p / after) + 1e-3));
    }
  }

  /** Content is a sum over symbols and neighbours, so differences of swapped parts add up. */
  @Test
  void content_depends_on_the_topic_and_on_neighbours() {
    int[] text = {1, 2, 3, 4, 5, 6};
    int[] sameTopic = {5, 2, 3, 4, 5, 6};
    int[] otherTopic = {2, 2, 3, 4, 5, 6};
    assertThat(language.content(sameTopic)).isEqualTo(language.content(text));
    assertThat(language.content(otherTopic)).isNotEqualTo(language.content(text));
    int[] reversed = {1, 2, 6, 5, 4, 3};
    assertThat(language.content(reversed)).isNotCloseTo(language.content(text), within(1e-6));
    int[] otherPrompt = {1, 9, 3, 4, 5, 6};
    assertThat(language.content(otherPrompt)).isEqualTo(language.content(text));
  }
}
