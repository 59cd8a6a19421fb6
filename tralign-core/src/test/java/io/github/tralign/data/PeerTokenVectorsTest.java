package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.row.TextRow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Vectors of the peers' own tests on tokens; docs/data.md answers those that are not here. */
class PeerTokenVectorsTest {

  private static final int END = 99;

  /** unsloth_zoo.boundary_merges, first case: the last token of the prompt merges. */
  @Test
  void a_merge_over_the_boundary_keeps_each_branch() {
    Example example =
        read(Map.of("ab", ints(1, 2), "abc", ints(1, 3, 4), "abd", ints(1, 5, 6)), "ab");
    assertThat(example.prompt().toArray()).containsExactly(1);
    assertThat(example.chosen().toArray()).containsExactly(3, 4, END);
    assertThat(example.rejected().toArray()).containsExactly(5, 6, END);
  }

  /** The third case, where the peer leaves two prompts; here both completions share the shorter. */
  @Test
  void a_merge_in_one_branch_moves_the_boundary_of_both() {
    Example example =
        read(Map.of("ab", ints(1, 2), "abc", ints(1, 2, 3), "abd", ints(1, 4, 5)), "ab");
    assertThat(example.prompt().toArray()).containsExactly(1);
    assertThat(example.chosen().toArray()).containsExactly(2, 3, END);
    assertThat(example.rejected().toArray()).containsExactly(4, 5, END);
  }

  /** torchtune.preference_dataset_dummy: a word is its length, 0 begins and −1 (here 99) ends. */
  @Test
  void the_prompt_is_not_scored_and_the_end_is() {
    Example example =
        only(new Words(), TextRow.pair("What is 2+2?", " The answer is 4.", " The answer is 12."));
    assertThat(example.prompt().toArray()).containsExactly(0, 4, 2, 4);
    assertThat(example.chosen().toArray()).containsExactly(3, 6, 2, 2, END);
    assertThat(example.rejected().toArray()).containsExactly(3, 6, 2, 3, END);
  }

  /** torchtune.preference_dataset_hh_tiny, as text. */
  @Test
  void a_whole_dialogue_is_split_behind_its_prompt() {
    Example example =
        only(
            new Words(),
            TextRow.pair(
                "What do I do when I have a hole in my trousers?",
                " Fix the hole.",
                " Take them off."));
    assertThat(example.prompt().toArray()).containsExactly(0, 4, 2, 1, 2, 4, 1, 4, 1, 4, 2, 2, 9);
    assertThat(example.chosen().toArray()).containsExactly(3, 3, 5, END);
    assertThat(example.rejected().toArray()).containsExactly(4, 4, 4, END);
  }

  private static Example read(Map<String, int[]> vocabulary, String prompt) {
    return only(new Texts(vocabulary), TextRow.pair(prompt, "c", "d"));
  }

  private static Example only(Tokenizer tokenizer, TextRow row) {
    return PreferenceData.read(tokenizer).rows(List.of(row)).examples().get(0);
  }

  private static int[] ints(int... values) {
    return values;
  }

  /** Knows whole texts. */
  private record Texts(Map<String, int[]> vocabulary) implements Tokenizer {
    @Override
    public int[] encode(String text) {
      boolean ends = text.endsWith("<end>");
      int[] ids = vocabulary.getOrDefault(text.replace("<end>", ""), new int[0]);
      int[] ended = Arrays.copyOf(ids, ids.length + (ends ? 1 : 0));
      if (ends) {
        ended[ids.length] = END;
      }
      return ended;
    }

    @Override
    public String endOfSequence() {
      return "<end>";
    }

    @Override
    public int vocabularySize() {
      return END + 1;
    }
  }

  /** torchtune's DummyTokenizer. */
  private static final class Words implements Tokenizer {
    @Override
    public int[] encode(String text) {
      return Arrays.stream(("0 " + text.replace("<end>", " <end>")).trim().split("\\s+"))
          .mapToInt(word -> word.equals("0") ? 0 : word.equals("<end>") ? END : word.length())
          .toArray();
    }

    @Override
    public String endOfSequence() {
      return "<end>";
    }

    @Override
    public int vocabularySize() {
      return END + 1;
    }
  }
}
