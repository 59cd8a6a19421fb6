package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.RowFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which form a file has, by its columns or by name. */
class RecognitionTest extends OneLine {

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
                + " (a text 'prompt', a text 'chosen', a text 'rejected'); unpaired (a text"
                + " 'prompt', a text 'completion', a value 'label' or 'kto_tag'); name the form"
                + " with --form NAME, or the columns with --columns, as in --columns prompt=question,chosen=good,rejected=bad");
  }

  @Test
  void columns_of_no_form_are_an_error_that_names_the_nearest() {
    RowFault fault = fault("{\"question\": \"q\", \"good\": \"g\", \"bad\": null}");
    assertThat(fault.reason()).isEqualTo(DropReason.FORM);
    assertThat(fault.detail())
        .startsWith("the row has 'question' (a text), 'good' (a text), 'bad' (null), which fits no")
        .endsWith("; docs/data.md lists all forms");
    assertThat(fault("{}").detail()).startsWith("the row has no column, which fits no form; name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'prompt': 'p', 'chosen': 'c'} | pairs, which also requires a text 'rejected'",
        "{'prompt': 'p', 'chosen': 'c', 'rejected': 1} | pairs, which also requires a text 'rejected'",
        "{'prompt': [], 'chosen': 'c'} | chat-pairs, which also requires a text or a message 'rejected'",
        "{'messages': [], 'rejected': 'r'} | messages-pairs, which also requires a text or a message 'chosen'",
        "{'instruction': 'i', 'answer': 'a'} | alpaca, which also requires a text 'output'",
        "{'text': 't', 'ranked': 1} | text, which cannot be combined with 'ranked'",
      })
  void the_nearest_form_is_named_with_what_it_lacks(String row, String nearest) {
    String detail = fault(row.replace('\'', '"')).detail();
    assertThat(detail).contains("; the most similar form is " + nearest).hasSizeLessThan(500);
  }

  @Test
  void a_row_of_many_columns_is_reported_in_a_few_lines() {
    String columns =
        IntStream.range(0, 300)
            .mapToObj(i -> "\"column " + i + "\": 1")
            .collect(Collectors.joining(", ", "{", "}"));
    assertThat(fault(columns).detail()).contains("and 288 more").hasSizeLessThan(700);
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
  void a_row_of_another_form_than_the_first_is_invalid() throws IOException {
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
        .startsWith("the columns fit the form unpaired, but earlier rows have the form pairs;");
    assertThat(faults.get(1).detail()).isEqualTo("field 'prompt' is a number; expected a text");
  }

  @Test
  void a_file_that_was_never_understood_is_an_error_even_where_faults_are_skipped()
      throws IOException {
    Path file = Files.writeString(folder.resolve("odd.jsonl"), "{\"a\": 1}\n{\"b\": 2}\n");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> Read.all(DataFiles.of(List.of(file)), fault -> {}))
        .withMessageStartingWith(
            "the file has no valid row; the first error: " + file + ":1: the row has 'a'");
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
    FormSettings reversed = FormSettings.DEFAULT.columns(ImmutableMap.of("question", "prompt"));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> read("{\"question\": \"q\"}", reversed))
        .withMessageEndingWith("; the form's name comes first: prompt=question");
  }

  @Test
  void settings_that_the_rows_cannot_follow_are_refused() {
    String pair = "{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\"}";
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> read(pair, FormSettings.DEFAULT.turns(Turns.ALL)))
        .withMessageContaining("--turns all is for supervised fine-tuning on conversations");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> read(pair, FormSettings.DEFAULT.pairs(PairChoice.RANDOM)))
        .withMessageContaining("--pairs is for completions with scores or ranks");
  }
}
