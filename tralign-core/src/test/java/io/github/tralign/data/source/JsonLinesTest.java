package io.github.tralign.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {

  @TempDir Path folder;

  @Test
  void broken_json_is_refused_with_its_column_on_one_line() throws IOException {
    assertRefused(
        "{\"prompt\": x}",
        "not valid JSON: unknown word: was expecting (JSON String, Number, Array, Object"
            + " or token 'null', 'true' or 'false'), at column 12");
    assertRefused(
        "{\"prompt\": \"p\"",
        "not valid JSON: the line ends inside a value (each row must be on one line), at column"
            + " 15");
    assertRefused(
        "{\"prompt\": \"p",
        "not valid JSON: the line ends inside a value (each row must be on one line), at column"
            + " 14");
    assertRefused("{} {}", "not valid JSON: more than one value on the line, at column 4");
  }

  @Test
  void a_field_named_twice_is_refused() throws IOException {
    assertThat(refusal("{\"prompt\": \"a\", \"prompt\": \"b\"}").detail())
        .startsWith("not valid JSON: Duplicate field 'prompt', at column ");
  }

  @Test
  void a_line_that_is_no_object_is_refused() throws IOException {
    assertRefused(
        "{\"a\": 1,}",
        "not valid JSON: Unexpected character ('}' (code 125)): was expecting double-quote to start"
            + " field name (is there an extra comma before it?), at column 9");
    assertRefused(
        "{'a': 1}",
        "not valid JSON: Unexpected character (''' (code 39)): was expecting double-quote to start"
            + " field name (JSON requires double quotes), at column 2");
    assertRefused("[1]", "expected a JSON object on each line, found a list");
    assertRefused("\"a\"", "expected a JSON object on each line, found a text");
  }

  @Test
  void numbers_of_python_are_read_and_advice_to_programmers_is_left_out() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("n.jsonl"),
            "{\"a\": NaN, \"b\": -Infinity, \"c\": 1e999, \"d\": 12345678901234567890}");
    try (RecordReader reader = RecordFiles.open(file)) {
      DataRecord record = reader.next();
      assertThat(record).isNotNull();
      assertThat(record.fields().path("b").doubleValue()).isEqualTo(Double.NEGATIVE_INFINITY);
      assertThat(record.fields().path("d").asText()).isEqualTo("12345678901234567890");
    } catch (InvalidRecordException e) {
      throw new AssertionError(e);
    }
    for (String line :
        new String[] {
          "{\"a\": +1}",
          "{\"a\": 01}",
          "{/* b */}",
          "{'a': 1}",
          "{\"a\": 1,}",
          "{\"a\": .5}",
          "{\"a\": " + "9".repeat(5000) + "}",
          "{\"" + "n".repeat(60_000) + "\": 1}"
        }) {
      assertThat(refusal(line).detail()).doesNotContain("`", "Feature", "enable", "Constraints");
    }
  }

  @Test
  void nesting_without_end_is_refused() throws IOException {
    assertThat(refusal("{\"a\": " + "[".repeat(100_000)).detail()).contains("nesting depth");
  }

  private void assertRefused(String line, String detail) throws IOException {
    assertThat(refusal(line).detail()).isEqualTo(detail);
  }

  private InvalidRecordException refusal(String line) throws IOException {
    Path file = Files.writeString(folder.resolve("data.jsonl"), line);
    try (RecordReader reader = RecordFiles.open(file)) {
      return catchThrowableOfType(InvalidRecordException.class, reader::next);
    }
  }
}
