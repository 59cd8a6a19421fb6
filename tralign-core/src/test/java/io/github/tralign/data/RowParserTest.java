package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowParserTest {

  @Test
  void a_row_with_a_prompt_is_three_texts() throws InvalidRowException {
    TextRow pair =
        parse("{\"id\": [7], \"chosen\": \" \", \"prompt\": \"\", \"rejected\": \"\\n\"}");
    assertThat(pair).isEqualTo(Rows.pair("", " ", "\n", "data.jsonl:7"));
  }

  @Test
  void dialogues_are_split_after_their_last_assistant_marker() throws InvalidRowException {
    String prompt = "\\n\\nHuman: a\\n\\nAssistant: b\\n\\nHuman: c\\n\\nAssistant:";
    TextRow pair = parse(dialogues(prompt + " yes", prompt + " no"));
    assertThat(pair.prompt()).isEqualTo(prompt.replace("\\n", "\n"));
    assertThat(pair.completions().get(0)).isEqualTo(" yes");
    assertThat(pair.completions().get(1)).isEqualTo(" no");
  }

  @Test
  void with_a_prompt_the_completions_are_not_split() throws InvalidRowException {
    TextRow pair =
        parse(
            "{\"prompt\": \"p\", \"chosen\": \"\\n\\nAssistant: x\","
                + " \"rejected\": \"\\n\\nAssistant: y\"}");
    assertThat(pair.completions().get(0)).isEqualTo("\n\nAssistant: x");
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

  @Test
  void a_text_without_a_marker_is_no_dialogue() {
    assertRefused(
        dialogues("\\n\\nAssistant: yes", "no"),
        DropReason.NO_ASSISTANT_TURN,
        "field 'rejected' holds no \"\\n"
            + "\\n"
            + "Assistant:\"; without a field 'prompt' it must be a whole dialogue");
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
  }

  @Test
  void a_missing_field_is_named_with_those_that_are_there() {
    assertRefused(
        "{\"prompt\": \"p\", \"answer\": \"c\", \"label\": true}",
        DropReason.FIELD,
        "field 'chosen' is missing; the row has 'prompt', 'answer', 'label'; expected 'prompt',"
            + " 'chosen' and 'rejected', two whole dialogues, or 'prompt', 'completion' and"
            + " 'label'");
    assertRefused(
        "{}",
        DropReason.FIELD,
        "field 'chosen' is missing; the row has no field; expected 'prompt', 'chosen' and"
            + " 'rejected', two whole dialogues, or 'prompt', 'completion' and 'label'");
  }

  @Test
  void a_labelled_completion_is_read() throws InvalidRowException {
    TextRow row = parse("{\"prompt\": \"p\", \"completion\": \"c\", \"label\": false}");
    assertThat(row.completions()).containsExactly("c");
    assertThat(row.judgement()).isEqualTo(Judgement.labelled(false));
  }

  @Test
  void a_completion_without_a_sound_label_is_refused() {
    assertRefused(
        "{\"prompt\": \"p\", \"completion\": \"c\"}",
        DropReason.FIELD,
        "field 'label' is missing; the row has 'prompt', 'completion'; expected 'prompt', 'chosen'"
            + " and 'rejected', two whole dialogues, or 'prompt', 'completion' and 'label'");
    assertRefused(
        "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": 1}",
        DropReason.FIELD,
        "field 'label' is a number; expected true or false");
    assertRefused(
        "{\"prompt\": \"p\", \"completion\": \"\", \"label\": true}",
        DropReason.EMPTY_COMPLETION,
        "field 'completion' is an empty text; a completion needs at least one character");
  }

  @Test
  void judgements_of_a_pair_are_read() throws InvalidRowException {
    String pair = "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\", ";
    assertThat(parse(pair + "\"weight\": 0.5, \"margin\": -2}").judgement())
        .isEqualTo(Judgement.NONE.weight(0.5).margin(-2));
    assertThat(parse(pair + "\"win_probability\": 1}").judgement())
        .isEqualTo(Judgement.NONE.winProbability(1));
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
        "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": true, \"margin\": 1}",
        DropReason.FIELD,
        "fields 'margin' and 'win_probability' compare two completions, but the row has one");
  }

  @Test
  void a_field_of_another_type_is_named_with_what_it_is() {
    assertRefused(
        "{\"prompt\": \"p\", \"chosen\": 3, \"rejected\": \"r\"}",
        DropReason.FIELD,
        "field 'chosen' is a number; expected a text");
    assertRefused(
        "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": null}",
        DropReason.FIELD,
        "field 'rejected' is null; expected a text");
    assertRefused(
        "{\"prompt\": {}, \"chosen\": \"c\", \"rejected\": \"r\"}",
        DropReason.FIELD,
        "field 'prompt' is an object; expected a text");
    assertRefused(
        "{\"prompt\": true, \"chosen\": \"c\", \"rejected\": \"r\"}",
        DropReason.FIELD,
        "field 'prompt' is true or false; expected a text");
  }

  @Test
  void lists_of_messages_are_refused_as_not_read_yet() {
    assertRefused(
        "{\"chosen\": [{\"role\": \"user\", \"content\": \"x\"}], \"rejected\": []}",
        DropReason.FIELD,
        "field 'chosen' is a list; conversations as lists of messages are not read yet: expected a"
            + " text, rendered with the model's chat template");
    assertRefused(
        "{\"messages\": []}",
        DropReason.FIELD,
        "field 'chosen' is missing; the row has 'messages'; conversations as lists of messages are"
            + " not read yet");
  }

  @Test
  void broken_json_is_refused_with_its_column_on_one_line() {
    assertRefused(
        "{\"prompt\": x}",
        DropReason.JSON,
        "not valid JSON: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object"
            + " or token 'null', 'true' or 'false'), at column 12");
    assertRefused(
        "{\"prompt\": \"p\"",
        DropReason.JSON,
        "not valid JSON: the line ends inside of a value (each row must be on one line), at column"
            + " 15");
    assertRefused(
        "{\"prompt\": \"p",
        DropReason.JSON,
        "not valid JSON: the line ends inside of a value (each row must be on one line), at column"
            + " 14");
    assertRefused(
        "{} {}", DropReason.JSON, "not valid JSON: more than one value on the line, at column 4");
  }

  @Test
  void a_field_named_twice_is_refused() {
    InvalidRowException e = refusal("{\"prompt\": \"a\", \"prompt\": \"b\"}");
    assertThat(e).hasMessageStartingWith("not valid JSON: Duplicate field 'prompt', at column ");
  }

  @Test
  void a_line_that_is_no_object_is_refused() {
    assertRefused("[1]", DropReason.JSON, "expected a JSON object on each line, found a list");
    assertRefused("\"a\"", DropReason.JSON, "expected a JSON object on each line, found a text");
  }

  @Test
  void half_a_surrogate_pair_is_refused() throws InvalidRowException {
    assertRefused(
        "{\"prompt\": \"p\", \"chosen\": \"a\\ud800\", \"rejected\": \"r\"}",
        DropReason.ENCODING,
        "field 'chosen' holds half a surrogate pair, which is not a character");
    assertThat(
            parse("{\"prompt\": \"p\", \"chosen\": \"\\ud83d\\ude00\", \"rejected\": \"r\"}")
                .completions())
        .contains("😀");
  }

  private static void assertRefused(String line, DropReason reason, String detail) {
    assertThat(refusal(line).at("data.jsonl:7"))
        .isEqualTo(new RowFault(reason, "data.jsonl:7", detail));
  }

  private static InvalidRowException refusal(String line) {
    return catchThrowableOfType(InvalidRowException.class, () -> parse(line));
  }

  private static TextRow parse(String line) throws InvalidRowException {
    return RowParser.parse(line, "data.jsonl:7");
  }

  private static String dialogues(String chosen, String rejected) {
    return "{\"chosen\": \"" + chosen + "\", \"rejected\": \"" + rejected + "\"}";
  }
}
