package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.TextRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
  void rows_without_a_prompt_begin_with_the_end_token_if_asked_for() {
    PreferenceReader reader = PreferenceData.read(plain).beginWithEndOfSequence(true);
    PreferenceData data =
        reader.rows(List.of(TextRow.pair("", "b", "c"), TextRow.pair("a", "b", "c")));
    assertThat(data.examples().get(0).prompt().toArray()).containsExactly(ToyTokenizer.END);
    assertThat(data.examples().get(0).chosen().toArray()).isEqualTo(ended("b"));
    assertThat(data.examples().get(1).prompt().toArray()).isEqualTo(plain.ids("a"));
  }

  @Test
  void the_report_of_rows_without_a_prompt_names_the_option_that_uses_them() {
    PreferenceData data =
        PreferenceData.read(plain)
            .rows(List.of(TextRow.pair("", "b", "c"), TextRow.pair("a", "b", "c")));
    assertThat(data.toString()).contains("--begin-with-eos", "beginWithEndOfSequence(true)");
  }

  @Test
  void a_text_that_cannot_be_encoded_is_a_fault_of_its_row() {
    List<TextRow> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(
          new TextRow(
              "p" + i,
              ImmutableList.of(i % 40 == 30 ? "bad" : "b", "c"),
              Judgement.NONE,
              "data.jsonl:" + (i + 1)));
    }
    PreferenceReader reader = PreferenceData.read(refusing("bad"));
    assertThatThrownBy(() -> reader.rows(rows))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("data.jsonl:31: a text cannot be tokenized: it is bad");

    DataReport report = reader.skipInvalid(true).rows(rows).report();
    assertThat(report.used()).isEqualTo(98);
    assertThat(report.dropped().get(DropReason.TEXT).firstOrigins())
        .containsExactly("data.jsonl:31", "data.jsonl:71");
  }

  private static Tokenizer refusing(String word) {
    ToyTokenizer toy = ToyTokenizer.of();
    return new Tokenizer() {
      @Override
      public int[] encode(String text) {
        if (text.contains(word)) {
          throw new TokenizationException(text, "it is " + word, null);
        }
        return toy.encode(text);
      }

      @Override
      public String endOfSequence() {
        return toy.endOfSequence();
      }

      @Override
      public int vocabularySize() {
        return toy.vocabularySize();
      }
    };
  }

  @Test
  void a_beginning_shared_by_both_completions_is_scored_all_the_same() {
    Example example = one(plain, LengthLimits.NONE, "a", "bcx", "bcy");
    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("a"));
    assertThat(example.chosen().toArray()).isEqualTo(ended("bcx"));
  }

  @Test
  void a_pair_without_a_prompt_token_is_dropped() {
    assertDropped(plain, LengthLimits.NONE, "", DropReason.NO_PROMPT_TOKEN);
  }

  @Test
  void a_text_without_a_prompt_is_learned_behind_its_first_token() {
    Example example = tokenize(plain, LengthLimits.NONE, text("", "abc")).get(0);
    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("a"));
    assertThat(example.completions().get(0).toArray()).isEqualTo(ended("bc"));
    assertThat(tally.report().boundaryMerges()).isZero();
    ToyTokenizer marking = ToyTokenizer.markingTheBeginning();
    Example begun = tokenize(marking, LengthLimits.NONE, text("", "abc")).get(0);
    assertThat(begun.prompt().toArray()).containsExactly(ToyTokenizer.BEGIN);
    assertThat(begun.completions().get(0).toArray()).isEqualTo(ended("abc"));
  }

  @Test
  void a_text_of_one_token_has_nothing_to_learn_but_its_end() {
    Example example = tokenize(plain, LengthLimits.NONE, text("", "a")).get(0);
    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("a"));
    assertThat(example.completions().get(0).toArray()).containsExactly(ToyTokenizer.END);
    assertThat(tokenize(plain, LengthLimits.NONE, text("", "<end>"))).isEmpty();
    assertThat(tally.report().dropped()).containsOnlyKeys(DropReason.NO_COMPLETION_TOKEN);
  }

  @Test
  void a_single_completion_whose_whole_prompt_is_merged_away_is_dropped() {
    assertThat(tokenize(ToyTokenizer.of("pc"), LengthLimits.NONE, text("p", "c"))).isEmpty();
    assertThat(tally.report().dropped()).containsOnlyKeys(DropReason.NO_PROMPT_TOKEN);
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
    LengthLimits limits = LengthLimits.NONE.total(4).prompt(2);
    Example example = one(plain, limits, "abcdef", "g", "h");
    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("ef"));
    assertThat(example.chosen().toArray()).isEqualTo(ended("g"));
    assertThat(tally.report().cutPrompts()).isEqualTo(1);
    assertThat(tally.report().boundaryMerges()).isZero();
  }

  @Test
  void completions_can_be_limited_on_their_own() {
    LengthLimits limits = LengthLimits.NONE.completion(2);
    Example example = one(plain, limits, "p", "c", "rst");
    assertThat(example.chosen().toArray()).isEqualTo(ended("c"));
    assertThat(example.rejected().toArray()).isEqualTo(plain.ids("rs"));
    assertThat(tally.report().cutCompletions()).isEqualTo(1);
  }

  @Test
  void a_long_prompt_keeps_its_beginning_or_is_dropped_if_that_is_the_rule() {
    LengthLimits limits = LengthLimits.NONE.prompt(2);
    Example example = one(plain, limits.truncation(Truncation.KEEP_START), "abcd", "g", "h");
    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("ab"));
    assertThat(example.chosen().toArray()).isEqualTo(ended("g"));
    assertThat(tally.report().cutPrompts()).isEqualTo(1);

    assertThat(tokenize(plain, limits.truncation(Truncation.DROP), TextRow.pair("abcd", "g", "h")))
        .isEmpty();
    assertThat(tally.report().dropped()).containsOnlyKeys(DropReason.TOO_LONG);
  }

  @Test
  void where_nothing_is_cut_a_long_completion_drops_its_row() {
    LengthLimits limits = total(4).truncation(Truncation.DROP);
    assertThat(one(plain, limits, "ab", "c", "d").chosen().toArray()).isEqualTo(ended("c"));
    assertThat(tokenize(plain, limits, TextRow.pair("ab", "c", "de"))).isEmpty();
    assertThat(tally.report().dropped()).containsOnlyKeys(DropReason.TOO_LONG);
  }

  @Test
  void a_prompt_that_loses_its_beginning_keeps_the_token_that_begins_texts() {
    ToyTokenizer marking = ToyTokenizer.markingTheBeginning();
    Example example = one(marking, LengthLimits.NONE.prompt(3), "abcd", "g", "h");
    assertThat(example.prompt().toArray())
        .containsExactly(ToyTokenizer.BEGIN, marking.id('c'), marking.id('d'));
    assertThat(one(marking, LengthLimits.NONE.prompt(1), "abcd", "g", "h").prompt().toArray())
        .containsExactly(marking.id('d'));
  }

  @Test
  void an_end_token_that_the_tokenizer_adds_is_not_appended() {
    ToyTokenizer ending = ToyTokenizer.markingTheEnd();
    Example example = one(ending, LengthLimits.NONE, "ab", "c", "d<end>");
    assertThat(example.prompt().toArray()).isEqualTo(plain.ids("ab"));
    assertThat(example.chosen().toArray()).isEqualTo(ended("c"));
    assertThat(example.rejected().toArray()).isEqualTo(ended("d"));
    assertThat(tally.report().boundaryMerges()).isZero();
  }

  @Property
  void a_cut_row_is_never_empty_and_no_longer_than_asked(
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 8) String prompt,
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 8) String chosen,
      @ForAll @IntRange(min = 2, max = 12) int length,
      @ForAll @IntRange(min = 1, max = 12) int promptLength,
      @ForAll @IntRange(min = 1, max = 12) int completionLength,
      @ForAll Truncation truncation) {
    ToyTokenizer merging = ToyTokenizer.markingTheBeginning("ab", "bc", "abc", "ca");
    Tally counted = new Tally();
    LengthLimits limits = new LengthLimits(length, promptLength, completionLength, truncation);
    List<Example> kept =
        Rows.read(
            new RowTokenizer(merging, Optional.empty(), limits, false, counted, fault -> {}),
            TextRow.pair(prompt, chosen, "x"));
    assertThat(counted.report().used()).isEqualTo(kept.size());
    assertThat(counted.rows()).isEqualTo(1);
    int[] whole = merging.encode(prompt + chosen + "<end>");
    for (Example example : kept) {
      int[] completion = example.chosen().toArray();
      assertThat(example.longestSequence()).isLessThanOrEqualTo(length);
      assertThat(example.prompt().length()).isLessThanOrEqualTo(promptLength);
      assertThat(completion.length).isLessThanOrEqualTo(completionLength);
      assertThat(Collections.indexOfSubList(Ints.asList(whole), Ints.asList(completion)))
          .isPositive();
      if (truncation != Truncation.KEEP_END || example.prompt().length() == 1) {
        continue;
      }
      assertThat(example.prompt().get(0)).isEqualTo(ToyTokenizer.BEGIN);
    }
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

  private List<Example> tokenize(Tokenizer tokenizer, LengthLimits limits, TextRow row) {
    return Rows.read(
        new RowTokenizer(tokenizer, Optional.empty(), limits, false, tally, fault -> {}), row);
  }

  private static TextRow text(String prompt, String completion) {
    return new TextRow(prompt, ImmutableList.of(completion), Judgement.NONE, "data.jsonl:7");
  }

  private int[] ended(String text) {
    return Ints.concat(plain.ids(text), new int[] {ToyTokenizer.END});
  }

  private static LengthLimits total(int tokens) {
    return LengthLimits.NONE.total(tokens);
  }
}
