package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Ints;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RowTokenizerTest {

  private final ToyTokenizer plain = ToyTokenizer.of();
  private final Tally tally = new Tally();

  @Test
  void completions_follow_the_prompt_and_end_with_the_end_token() {
    Example example = one(plain, LengthLimits.NONE, "ab", "c", "de");
    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("ab"));
    assertThat(example.chosen().toArray()).isEqualTo(ended("c"));
    assertThat(example.rejected().toArray()).isEqualTo(ended("de"));
    assertThat(tally.report().boundaryMerges()).isZero();
  }

  @Test
  void an_end_token_that_is_there_is_not_appended_again() {
    Example example = one(plain, LengthLimits.NONE, "ab", "c<end>", "<end>");
    assertThat(example.chosen().toArray()).isEqualTo(ended("c"));
    assertThat(example.rejected().toArray()).containsExactly(ToyTokenizer.END);
  }

  @Test
  void a_token_that_marks_the_beginning_stands_once_before_the_prompt() {
    ToyTokenizer marking = ToyTokenizer.markingTheBeginning();
    Example example = one(marking, LengthLimits.NONE, "a", "b", "c");
    assertThat(example.prompt().toArray()).containsExactly(ToyTokenizer.BEGIN, marking.id('a'));
    assertThat(example.chosen().toArray()).isEqualTo(ended("b"));
  }

  @Test
  void a_token_over_the_boundary_moves_it_for_both_completions_and_is_counted() {
    ToyTokenizer merging = ToyTokenizer.of(": y"); // takes the prompt's last character along
    Example example = one(merging, LengthLimits.NONE, "a:", " yes", " no");
    assertThat(example.prompt().toArray()).isEqualTo(merging.ids("a"));
    assertThat(example.chosen().toArray())
        .isEqualTo(Ints.concat(new int[] {2}, merging.ids("es"), new int[] {ToyTokenizer.END}));
    assertThat(example.rejected().toArray())
        .isEqualTo(Ints.concat(merging.ids(": no"), new int[] {ToyTokenizer.END}));
    assertThat(tally.report().boundaryMerges()).isEqualTo(1);
  }

  @Test
  void a_beginning_shared_by_both_completions_is_scored_all_the_same() {
    Example example = one(plain, LengthLimits.NONE, "a", "bcx", "bcy");
    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("a"));
    assertThat(example.chosen().toArray()).isEqualTo(ended("bcx"));
  }

  @Test
  void a_row_without_a_prompt_token_is_dropped() {
    assertDropped(plain, LengthLimits.NONE, "", DropReason.NO_PROMPT_TOKEN);
  }

  @Test
  void a_row_whose_whole_prompt_is_merged_away_is_dropped() {
    assertDropped(ToyTokenizer.of("pc"), LengthLimits.NONE, "p", DropReason.NO_PROMPT_TOKEN);
  }

  @Test
  void a_completion_that_adds_no_token_is_dropped() {
    // swallows what follows the prompt, as a tokenizer that strips a text's end may do
    Tokenizer deaf =
        new Tokenizer() {
          @Override
          public int[] encode(String text) {
            return new int[] {5};
          }

          @Override
          public String endOfSequence() {
            return "<end>";
          }

          @Override
          public int vocabularySize() {
            return 6;
          }
        };
    assertDropped(deaf, LengthLimits.NONE, "p", DropReason.NO_COMPLETION_TOKEN);
  }

  @Test
  void completions_are_cut_at_their_end_after_the_end_token_was_appended() {
    Example example = one(plain, total(4), "ab", "c", "defg");
    assertThat(example.chosen().toArray()).isEqualTo(ended("c"));
    assertThat(example.rejected().toArray()).isEqualTo(plain.ids("de"));
    assertThat(tally.report().cutCompletions()).isEqualTo(1);
    assertThat(tally.report().longestSequence()).isEqualTo(4);
  }

  @Test
  void a_prompt_that_fills_the_length_is_dropped_and_one_token_less_is_kept() {
    assertThat(one(plain, total(4), "abc", "c", "r").chosen().toArray()).isEqualTo(plain.ids("c"));
    assertDropped(plain, total(3), "abc", DropReason.PROMPT_FILLS_LENGTH);
  }

  @Test
  void a_long_prompt_loses_its_beginning_where_its_length_is_limited() {
    LengthLimits limits = new LengthLimits(4, 2, Integer.MAX_VALUE);
    Example example = one(plain, limits, "abcdef", "g", "h");
    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("ef"));
    assertThat(example.chosen().toArray()).isEqualTo(ended("g"));
    assertThat(tally.report().cutPrompts()).isEqualTo(1);
    assertThat(tally.report().boundaryMerges()).isZero();
  }

  @Test
  void completions_can_be_limited_on_their_own() {
    LengthLimits limits = new LengthLimits(100, 100, 2);
    Example example = one(plain, limits, "p", "c", "rst");
    assertThat(example.chosen().toArray()).isEqualTo(ended("c"));
    assertThat(example.rejected().toArray()).isEqualTo(plain.ids("rs"));
    assertThat(tally.report().cutCompletions()).isEqualTo(1);
  }

  @Test
  void completions_that_cutting_makes_equal_are_counted() {
    one(plain, total(3), "p", "same", "sane");
    assertThat(tally.report().identicalPairs()).isEqualTo(1);
  }

  @Property
  void prompt_and_completion_together_are_the_tokens_of_the_whole_text(
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 8) String prompt,
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 8) String chosen,
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 8) String rejected) {
    ToyTokenizer merging = ToyTokenizer.markingTheBeginning("ab", "bc", "abc", "ca");
    Example example = one(merging, LengthLimits.NONE, prompt, chosen, rejected);
    int[] head = example.prompt().toArray();
    assertThat(Ints.concat(head, example.chosen().toArray()))
        .isEqualTo(merging.encode(prompt + chosen + "<end>"));
    assertThat(Ints.concat(head, example.rejected().toArray()))
        .isEqualTo(merging.encode(prompt + rejected + "<end>"));
    assertThat(head.length).isLessThanOrEqualTo(merging.encode(prompt).length);
  }

  @Property
  void a_kept_row_is_a_beginning_of_the_whole_and_keeps_to_the_length(
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 8) String prompt,
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 8) String chosen,
      @ForAll @IntRange(min = 2, max = 12) int length) {
    List<Example> kept = tokenize(plain, total(length), TextRow.pair(prompt, chosen, "x"));
    if (prompt.length() >= length) {
      assertThat(kept).isEmpty();
    } else {
      int[] sequence = Ints.concat(kept.get(0).prompt().toArray(), kept.get(0).chosen().toArray());
      int[] whole = plain.encode(prompt + chosen + "<end>");
      assertThat(sequence).hasSize(Math.min(length, whole.length));
      assertThat(whole).startsWith(sequence);
    }
  }

  private void assertDropped(
      Tokenizer tokenizer, LengthLimits limits, String prompt, DropReason reason) {
    assertThat(tokenize(tokenizer, limits, Rows.pair(prompt, "c", "r", "data.jsonl:7"))).isEmpty();
    assertThat(tally.report().dropped()).containsOnlyKeys(reason);
    assertThat(tally.report().dropped().get(reason).firstOrigins()).containsExactly("data.jsonl:7");
  }

  private Example one(
      Tokenizer tokenizer, LengthLimits limits, String prompt, String chosen, String rejected) {
    return tokenize(tokenizer, limits, TextRow.pair(prompt, chosen, rejected)).get(0);
  }

  private List<Example> tokenize(Tokenizer tokenizer, LengthLimits limits, TextRow pair) {
    return new RowTokenizer(tokenizer, limits, tally).tokenize(List.of(pair));
  }

  private int[] ended(String text) {
    return Ints.concat(plain.ids(text), new int[] {ToyTokenizer.END});
  }

  private static LengthLimits total(int tokens) {
    return new LengthLimits(tokens, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }
}
