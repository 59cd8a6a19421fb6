package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.DropReason;
import io.github.tralign.data.RowFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
