package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.DropReason;
import io.github.tralign.data.Judgement;
import io.github.tralign.data.Row;
import io.github.tralign.data.RowFault;
import io.github.tralign.data.TextRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormsTest {

  private static final String USER = "{\"role\": \"user\", \"content\": \"u\"}";
  private static final String YES = "{\"role\": \"assistant\", \"content\": \"yes\"}";
  private static final String NO = "{\"role\": \"assistant\", \"content\": \"no\"}";

  @TempDir Path folder;

  // Texts

  @Test
  void a_row_with_a_prompt_is_three_texts() {
    Row row = one("{\"id\": [7], \"chosen\": \" \", \"prompt\": \"\", \"rejected\": \"\\n\"}");
    assertThat(row).isEqualTo(new TextRow("", texts(" ", "\n"), Judgement.NONE, row.origin()));
    assertThat(row.origin()).endsWith("data.jsonl:1");
  }

  @Test
  void with_a_prompt_the_completions_are_not_split() {
    assertShown(
        "{\"prompt\": \"p\", \"chosen\": \"\\n\\nAssistant: x\", \"rejected\": \"\\n\\nAssistant: y\"}",
        "p => \n\nAssistant: x / \n\nAssistant: y");
  }

  @Test
  void dialogues_are_split_after_their_last_assistant_marker() {
    String prompt = "\\n\\nHuman: a\\n\\nAssistant: b\\n\\nHuman: c\\n\\nAssistant:";
    assertShown(
        dialogues(prompt + " yes", prompt + " no"), prompt.replace("\\n", "\n") + " =>  yes /  no");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\n\\nHuman: b\\n\\nAssistant: no",
        "\\n\\nHuman: a\\n\\nAssistant: no\\n\\nHuman: x\\n\\nAssistant: no"
      })
  void dialogues_with_different_prompts_are_refused(String rejected) {
    assertRefused(
        dialogues("\\n\\nHuman: a\\n\\nAssistant: yes", rejected),
        DropReason.PROMPTS_DIFFER,
        "the prompts of 'chosen' and 'rejected' differ; both dialogues must be the same up to the"
            + " last \"\\n\\nAssistant:\"");
  }

  /** TRL would split "The sky is blue." and "The sky is green." wherever they begin to differ. */
  @Test
  void a_text_without_a_marker_is_no_dialogue() {
    assertRefused(
        dialogues("\\n\\nAssistant: yes", "no"),
        DropReason.NO_ASSISTANT_TURN,
        "field 'rejected' holds no \"\\n\\nAssistant:\"; without a field 'prompt' it must be a"
            + " whole dialogue. Where the prompt has another name, --columns prompt=NAME tells it");
    assertThat(fault(dialogues("The sky is blue.", "The sky is green.")).reason())
        .isEqualTo(DropReason.NO_ASSISTANT_TURN);
  }

  @Test
  void a_completion_of_zero_characters_is_refused() {
    assertRefused(
        "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"\"}",
        DropReason.EMPTY_COMPLETION,
        "field 'rejected' is an empty text; a completion needs at least one character");
    assertRefused(
        dialogues("\\n\\nAssistant:", "\\n\\nAssistant: no"),
        DropReason.EMPTY_COMPLETION,
        "in field 'chosen' nothing follows the last \"\\n\\nAssistant:\"; a completion needs at"
            + " least one character");
    assertRefused(
        chats(USER, YES, USER, "{\"role\": \"assistant\", \"content\": \"\"}"),
        DropReason.EMPTY_COMPLETION,
        "field 'rejected' has an empty message of the assistant; a completion needs at least one"
            + " character");
  }

  // Messages

  @Test
  void conversations_are_split_where_they_begin_to_differ() {
    assertShown(
        chats(USER + ", " + YES + ", " + USER, YES, USER + ", " + YES + ", " + USER, NO),
        "user: u | assistant: yes | user: u => assistant: yes / assistant: no");
  }

  @Test
  void equal_conversations_are_split_before_their_last_message() {
    assertShown(chats(USER, YES, USER, YES), "user: u => assistant: yes / assistant: yes");
  }

  @Test
  void conversations_that_differ_in_a_user_s_message_are_refused() {
    String other = "{\"role\": \"user\", \"content\": \"v\"}";
    assertRefused(
        chats(USER, YES, other, NO),
        DropReason.PROMPTS_DIFFER,
        "the prompts of 'chosen' and 'rejected' differ: both conversations must be the same up to a"
            + " message of the assistant, but message 1 is not");
  }

  @Test
  void a_completion_never_holds_what_a_user_said() {
    assertRefused(
        chats(USER, YES + ", " + USER, USER, NO),
        DropReason.FOREIGN_TURN,
        "field 'chosen' has a message of 'user' in the completion; a policy writes messages of the"
            + " assistant only");
  }

  @Test
  void a_prompt_told_twice_must_be_the_same() {
    String twice =
        chats(USER, YES, USER, NO).replace("{\"chosen\"", "{\"prompt\": \"%s\", \"chosen\"");
    assertShown(String.format(twice, "u"), "user: u => assistant: yes / assistant: no");
    assertThat(fault(String.format(twice, "x")).reason()).isEqualTo(DropReason.PROMPTS_DIFFER);
  }

  @Test
  void a_conversation_that_does_not_end_with_the_assistant_is_refused() {
    assertRefused(
        "{\"messages\": [" + USER + "]}",
        DropReason.NO_ASSISTANT_TURN,
        "field 'messages' does not end with a message of the assistant");
    assertRefused("{\"messages\": []}", DropReason.NO_ASSISTANT_TURN, "field 'messages' is empty");
  }

  @Test
  void a_field_of_a_message_is_named_by_its_place() {
    assertRefused(
        "{\"messages\": [" + USER + ", {\"role\": \"assistant\", \"content\": 3}]}",
        DropReason.FIELD,
        "field 'messages[1].content' is a number; expected a text");
    assertRefused(
        "{\"messages\": [{\"content\": \"x\"}]}",
        DropReason.FIELD,
        "field 'messages[0].role' is missing; it has 'content'");
    assertRefused(
        "{\"conversations\": [{\"from\": \"alien\", \"value\": \"x\"}]}",
        DropReason.FIELD,
        "field 'conversations[0].from' is 'alien'; known: system, human, user, gpt, assistant,"
            + " function_call, observation, tool");
  }

  @Test
  void nulls_inside_of_messages_are_as_if_they_were_not_there() {
    String nulls = "{\"role\": \"user\", \"content\": \"u\", \"tool_calls\": null, \"name\": null}";
    assertShown(chats(nulls, YES, USER, NO), "user: u => assistant: yes / assistant: no");
  }

  // Labels and other judgements

  @ParameterizedTest
  @CsvSource({"true,true", "false,false", "1,true", "0,false", "1.0,true"})
  void labels_are_truth_values_or_one_and_zero(String written, boolean desirable) {
    Row row = one("{\"prompt\": \"p\", \"completion\": \"c\", \"label\": " + written + "}");
    assertThat(row.judgement()).isEqualTo(Judgement.labelled(desirable));
  }

  @Test
  void other_labels_are_refused() {
    assertRefused(
        "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": 2}",
        DropReason.FIELD,
        "field 'label' is 2; expected true or false, or 1 or 0");
    assertRefused(
        "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": \"good\"}",
        DropReason.FIELD,
        "field 'label' is a text; expected true or false, or 1 or 0");
  }

  @Test
  void judgements_of_a_pair_are_read() {
    String pair = "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\", ";
    assertThat(one(pair + "\"weight\": 0.5, \"margin\": -2}").judgement())
        .isEqualTo(Judgement.NONE.weight(0.5).margin(-2));
    assertThat(one(pair + "\"win_probability\": 1}").judgement())
        .isEqualTo(Judgement.NONE.winProbability(1));
    assertThat(one(pair + "\"score_chosen\": 8, \"score_rejected\": 6.5}").judgement())
        .isEqualTo(Judgement.NONE.margin(1.5));
    assertThat(
            one(pair + "\"score_chosen\": 8, \"score_rejected\": 6.5, \"margin\": 4}").judgement())
        .isEqualTo(Judgement.NONE.margin(4));
    assertThat(one(pair + "\"margin\": null, \"weight\": null}").judgement())
        .isEqualTo(Judgement.NONE);
    assertRefused(
        pair + "\"weight\": \"heavy\"}",
        DropReason.FIELD,
        "field 'weight' is a text; expected a number");
    assertRefused(
        pair + "\"weight\": -1}", DropReason.FIELD, "the weight is -1.0; it must be a number >= 0");
    assertRefused(
        pair + "\"win_probability\": 1.5}",
        DropReason.FIELD,
        "the win probability is 1.5; it must be in [0, 1]");
    assertRefused(
        pair + "\"margin\": 1e999}", DropReason.FIELD, "field 'margin' is not a finite number");
    assertRefused(
        "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": true, \"margin\": 1}",
        DropReason.FIELD,
        "fields 'margin' and 'win_probability' compare two completions, but the row has one");
  }

  // Several completions

  @Test
  void equal_scores_are_no_pair_but_counted() {
    String line =
        "{\"prompt\": \"p\", \"completions\": [\"a\", \"b\", \"c\"], \"scores\": [1, 1, 1]}";
    assertThat(drops(line, FormSettings.DEFAULT)).containsExactly(DropReason.TIE);
    assertThat(drops(line, FormSettings.DEFAULT.pairs(PairChoice.ALL)))
        .containsExactly(DropReason.TIE, DropReason.TIE, DropReason.TIE);
    assertThat(drops(line, FormSettings.DEFAULT.pairs(PairChoice.RANDOM)))
        .containsExactly(DropReason.TIE);
  }

  @Test
  void scores_must_be_one_for_each_completion() {
    assertRefused(
        "{\"prompt\": \"p\", \"completions\": [\"a\", \"b\"], \"scores\": [1]}",
        DropReason.FIELD,
        "field 'scores' holds 1 numbers for 2 completions");
    assertRefused(
        "{\"prompt\": \"p\", \"completions\": [\"a\", 3], \"scores\": [1, 2]}",
        DropReason.FIELD,
        "field 'completions[1]' is a number; expected a text");
    assertRefused(
        "{\"prompt\": \"p\", \"completions\": [\"a\"], \"scores\": [1]}",
        DropReason.FIELD,
        "the row has 1 completions to compare; expected 2 to 256");
  }

  // Recognition

  @Test
  void columns_of_several_forms_are_an_error_that_names_them() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                one(
                    "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\","
                        + " \"completion\": \"c\", \"label\": true}"))
        .withMessageEndingWith(
            "data.jsonl:1: the row has 'prompt' (a text), 'chosen' (a text), 'rejected' (a text),"
                + " 'completion' (a text), 'label' (true or false), which fits several forms: pairs"
                + " (texts 'prompt', 'chosen', 'rejected'); unpaired (texts 'prompt', 'completion',"
                + " and 'label', true or false); name the form with --form NAME, or the columns"
                + " with --columns, as in --columns prompt=question,chosen=good,rejected=bad");
  }

  @Test
  void columns_of_no_form_are_an_error_that_names_the_forms() {
    RowFault fault = fault("{\"question\": \"q\", \"good\": \"g\", \"bad\": null}");
    assertThat(fault.reason()).isEqualTo(DropReason.FORM);
    assertThat(fault.detail())
        .startsWith(
            "the row has 'question' (a text), 'good' (a text), 'bad' (null), which fits no form;"
                + " name the form with --form NAME")
        .contains("Known: pairs (texts 'prompt', 'chosen', 'rejected'); chat-pairs (");
    assertThat(fault("{}").detail()).startsWith("the row has no column, which fits no form");
  }

  @Test
  void a_named_form_tells_what_a_row_misses() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> read("{\"prompt\": \"p\"}", FormSettings.DEFAULT.form("unpaired")))
        .withMessageEndingWith("field 'completion' is missing; the row has 'prompt'");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> FormSettings.DEFAULT.form("pair"))
        .withMessageStartingWith("unknown form 'pair'; known: pairs, chat-pairs, dialogues,");
  }

  @Test
  void a_row_of_another_form_than_the_first_is_at_fault() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("two.jsonl"),
            "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\"}\n"
                + "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": true}\n"
                + "{\"prompt\": 1, \"chosen\": \"c\", \"rejected\": \"r\"}\n");
    List<RowFault> faults = new ArrayList<>();
    assertThat(Read.all(DataFiles.of(List.of(file)), faults::add)).hasSize(1);
    assertThat(faults)
        .extracting(RowFault::reason)
        .containsExactly(DropReason.FORM, DropReason.FIELD);
    assertThat(faults.get(0).detail())
        .startsWith("the columns fit the form unpaired, but the rows before have the form pairs;");
    assertThat(faults.get(1).detail()).isEqualTo("field 'prompt' is a number; expected a text");
  }

  @Test
  void a_file_that_was_never_understood_is_an_error_even_where_faults_are_skipped()
      throws IOException {
    Path file = Files.writeString(folder.resolve("odd.jsonl"), "{\"a\": 1}\n{\"b\": 2}\n");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> Read.all(DataFiles.of(List.of(file)), fault -> {}))
        .withMessageStartingWith(
            "no row of the file could be read, beginning with " + file + ":1: the row has 'a'");
  }

  @Test
  void columns_can_be_given_the_form_s_names() {
    FormSettings names =
        FormSettings.DEFAULT.columns(
            ImmutableMap.of("prompt", "question", "chosen", "good", "rejected", "chosen"));
    assertThat(Read.shown(read("{\"question\": \"q\", \"good\": \"g\", \"chosen\": \"c\"}", names)))
        .containsExactly("q => g / c");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> read("{\"good\": \"g\", \"chosen\": \"c\"}", names))
        .withMessageEndingWith(
            "the column 'question', given for 'prompt', is missing; the row has 'good' (a text),"
                + " 'chosen' (a text)");
  }

  @Test
  void settings_that_the_rows_cannot_follow_are_refused() {
    String pair = "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\"}";
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> read(pair, FormSettings.DEFAULT.turns(Turns.ALL)))
        .withMessageContaining("--turns all is for conversations to imitate");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> read(pair, FormSettings.DEFAULT.pairs(PairChoice.RANDOM)))
        .withMessageContaining("--pairs is for completions with scores or ranks");
  }

  // Texts that are none

  @Test
  void half_a_surrogate_pair_is_refused() {
    assertRefused(
        "{\"prompt\": \"p\", \"chosen\": \"a\\ud800\", \"rejected\": \"r\"}",
        DropReason.ENCODING,
        "field 'chosen' holds half a surrogate pair, which is not a character");
    assertShown(
        "{\"prompt\": \"p\", \"chosen\": \"\\ud83d\\ude00\", \"rejected\": \"r\"}", "p => 😀 / r");
    assertThat(
            fault("{\"messages\": [{\"role\": \"assistant\", \"content\": \"\\udc00\"}]}").reason())
        .isEqualTo(DropReason.ENCODING);
  }

  private void assertShown(String line, String expected) {
    assertThat(Read.shown(read(line, FormSettings.DEFAULT))).containsExactly(expected);
  }

  private void assertRefused(String line, DropReason reason, String detail) {
    RowFault fault = fault(line);
    assertThat(fault.detail()).isEqualTo(detail);
    assertThat(fault.reason()).isEqualTo(reason);
    assertThat(fault.origin()).endsWith("data.jsonl:1");
  }

  private RowFault fault(String line) {
    List<RowFault> faults = faults(line, FormSettings.DEFAULT);
    assertThat(faults).hasSize(1);
    return faults.get(0);
  }

  private List<DropReason> drops(String line, FormSettings settings) {
    return faults(line, settings).stream().map(RowFault::reason).toList();
  }

  private List<RowFault> faults(String line, FormSettings settings) {
    List<RowFault> faults = new ArrayList<>();
    try {
      Path file = Files.writeString(folder.resolve("data.jsonl"), line + "\n");
      assertThat(Read.all(DataFiles.of(List.of(file)).with(settings), faults::add)).isEmpty();
    } catch (InvalidInputException e) {
      assertThat(e).hasMessageContaining("no row of the file could be read");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return faults;
  }

  private Row one(String line) {
    List<Row> rows = read(line, FormSettings.DEFAULT);
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  private List<Row> read(String line, FormSettings settings) {
    return Read.line(folder, line, settings);
  }

  private static ImmutableList<String> texts(String... texts) {
    return ImmutableList.copyOf(texts);
  }

  private static String dialogues(String chosen, String rejected) {
    return "{\"chosen\": \"" + chosen + "\", \"rejected\": \"" + rejected + "\"}";
  }

  private static String chats(
      String chosenStart, String chosen, String rejectedStart, String rejected) {
    return String.format(
        "{\"chosen\": [%s, %s], \"rejected\": [%s, %s]}",
        chosenStart, chosen, rejectedStart, rejected);
  }
}
