package io.github.tralign.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.RowReader;
import io.github.tralign.data.row.ChatRow;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import io.github.tralign.data.row.TextRow;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.data.source.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns of every type that a file may have, written type by type. */
class ColumnTypesTest {

  private static final String PAIR =
      "required binary prompt (STRING); required binary chosen (STRING);"
          + " required binary rejected (STRING);";

  @TempDir Path folder;

  /** What each type is as JSON; the value is given as its bytes in hex, or as a number. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fixed_len_byte_array(2) x (FLOAT16)            | 003e                     | 1.5",
        "fixed_len_byte_array(2) x (FLOAT16)            | 0082                     | -3.0517578125E-5",
        "fixed_len_byte_array(2) x (FLOAT16)            | 00fc                     | \"-Infinity\"",
        "fixed_len_byte_array(3) x                      | 010203                   | \"AQID\"",
        "binary x                                       | 010203                   | \"AQID\"",
        "binary x (BSON)                                | 010203                   | \"AQID\"",
        "fixed_len_byte_array(12) x (INTERVAL)          | 000000000000000000000000 | \"AAAAAAAAAAAAAAAA\"",
        "fixed_len_byte_array(16) x (UUID) | 00112233445566778899aabbccddeeff | \"00112233-4455-6677-8899-aabbccddeeff\"",
        "fixed_len_byte_array(3) x (DECIMAL(5,2))       | ffff85                   | -1.23",
        "binary x (ENUM)                                | 6162                     | \"ab\"",
        "binary x (STRING)                              | c3a9                     | \"é\"",
        "binary x (JSON)                                | 7b2261223a5b315d7d       | {\"a\":[1]}",
        "binary x (JSON)                                | 2261c3a922               | \"aé\"",
        "binary x (JSON)                                | 6e756c6c                 | null",
        "int96 x                             | 0046c323000000008d3d2500 | \"1970-01-02T00:00:00.600\"",
        "int32 x (DATE)                                 | -1                       | \"1969-12-31\"",
        "int32 x (TIME(MILLIS,true))                    | 1500                     | \"00:00:01.500\"",
        "int32 x (TIME(MILLIS,true))                    | -5                       | -5",
        "int64 x (TIMESTAMP(MICROS,true))               | -1                       | \"1969-12-31T23:59:59.999999Z\"",
        "int64 x (TIMESTAMP(NANOS,false))               | 1                        | \"1970-01-01T00:00:00.000000001\"",
        "int32 x (INTEGER(32,false))                    | -1                       | 4294967295",
        "int64 x (INTEGER(64,false))                    | -1                       | 18446744073709551615",
        "int32 x (DECIMAL(9,3))                         | 1500                     | 1.500",
        "int64 x (DECIMAL(18,0))                        | 7                        | 7",
        "boolean x                                      | true                     | true",
        "double x                                       | NaN                      | \"NaN\""
      })
  void a_further_column_of_any_type_is_read_as_json_and_keeps_no_row(
      String column, String value, String json) throws Exception {
    Path file =
        write(
            PAIR + "optional " + column + ";",
            pair(row -> add(row, column, value)),
            pair(row -> {}));
    try (RecordReader reader = RecordFiles.open(file)) {
      DataRecord record = reader.next();
      assertThat(record).isNotNull();
      assertThat(record.fields().path("x").toString()).isEqualTo(json);
      DataRecord other = reader.next();
      assertThat(other).isNotNull();
      assertThat(other.fields().path("x").isNull()).isTrue();
    }
    assertThat(rows(file, fault -> {})).hasSize(2).allMatch(TextRow.class::isInstance);
  }

  @Test
  void lists_maps_and_old_lists_are_read() throws Exception {
    Path file =
        write(
            "required group a (LIST) { repeated group list { optional group element (LIST) {"
                + " repeated group list { optional int32 element; } } } }"
                + " required group b (LIST) { repeated int32 array; }"
                + " required group c (LIST) { repeated group c_tuple { required int32 x; } }"
                + " required group d (MAP) { repeated group key_value {"
                + " required binary key (STRING); optional int32 value; } }"
                + " repeated int32 e;",
            row -> {
              Group outer = row.addGroup("a").addGroup("list");
              Group inner = outer.addGroup("element");
              inner.addGroup("list").append("element", 1);
              inner.addGroup("list");
              row.addGroup("b").append("array", 2).append("array", 3);
              row.addGroup("c").addGroup("c_tuple").append("x", 4);
              Group map = row.addGroup("d");
              map.addGroup("key_value").append("key", "k").append("value", 5);
              map.addGroup("key_value").append("key", "l");
              row.append("e", 6).append("e", 7);
            });
    try (RecordReader reader = RecordFiles.open(file)) {
      DataRecord record = reader.next();
      assertThat(record).isNotNull();
      assertThat(record.fields().toString())
          .isEqualTo(
              "{\"a\":[[1,null]],\"b\":[2,3],\"c\":[{\"x\":4}],\"d\":{\"k\":5,\"l\":null},"
                  + "\"e\":[6,7]}");
    }
  }

  /** As the library datasets writes what differs from row to row. */
  @Test
  void a_column_of_json_is_parsed_wherever_it_stands() throws Exception {
    Path file =
        write(
            "required binary prompt (JSON); required binary chosen (JSON);"
                + " required group rejected (LIST) { repeated group list { required group element {"
                + " required binary role (STRING); optional binary content (STRING);"
                + " optional binary tool_calls (JSON); } } }"
                + " optional binary chat_template_kwargs (JSON); optional binary tools (JSON);",
            row -> {
              row.append("prompt", "[{\"role\": \"user\", \"content\": \"{}\"}]");
              row.append("chosen", "{\"role\": \"assistant\", \"content\": \"yes\"}");
              row.addGroup("rejected")
                  .addGroup("list")
                  .addGroup("element")
                  .append("role", "assistant")
                  .append("tool_calls", "[{\"arguments\": {\"city\": \"Paris\"}}]");
              row.append("chat_template_kwargs", "{\"n\": 12345678901234567890}");
              row.append("tools", "[]");
            });
    ChatRow row = (ChatRow) rows(file, fault -> {}).get(0);
    assertThat(row.prompt().get(0).content()).isEqualTo("{}");
    assertThat(row.settings()).containsOnlyKeys("n");
    assertThat(row.settings().get("n")).hasToString("12345678901234567890");
    assertThat(row.completions().get(1).get(0).fields())
        .containsEntry("tool_calls", List.of(Map.of("arguments", Map.of("city", "Paris"))));
  }

  @Test
  void a_column_of_json_without_a_value_is_an_error_where_it_is_read_only() throws Exception {
    Path file =
        write(
            "required binary prompt (JSON); required binary chosen (STRING);"
                + " required binary rejected (STRING); optional binary x (JSON);",
            row -> row.append("prompt", " ").append("chosen", "c").append("rejected", "r"),
            row ->
                row.append("prompt", "\"p\"")
                    .append("chosen", "c")
                    .append("rejected", "r")
                    .append("x", ""));
    List<RowFault> faults = new ArrayList<>();
    assertThat(rows(file, faults::add)).hasSize(1);
    assertThat(faults)
        .extracting(RowFault::message)
        .containsExactly(
            file
                + ":1: field 'prompt' is not valid JSON, although its column has this type: no value");
  }

  @Test
  void a_text_that_is_no_utf_8_is_an_error_where_it_is_read_only() throws Exception {
    byte[] bad = {'a', (byte) 0xff};
    Consumer<Group> first =
        row ->
            row.append("prompt", Binary.fromConstantByteArray(bad))
                .append("chosen", "c")
                .append("rejected", "r");
    Path file =
        write(
            PAIR + " optional binary x (STRING); optional binary j (JSON);",
            first,
            pair(row -> row.append("x", Binary.fromConstantByteArray(bad)).append("j", "{")));
    List<RowFault> faults = new ArrayList<>();
    assertThat(rows(file, faults::add)).hasSize(1);
    assertThat(faults).extracting(RowFault::reason).containsExactly(DropReason.ENCODING);
    assertThat(faults.get(0).message()).isEqualTo(file + ":1: field 'prompt' is not valid UTF-8");
  }

  @Test
  void what_a_form_needs_and_cannot_read_is_named() throws Exception {
    Path json =
        write(
            "required binary prompt (JSON); required binary chosen (STRING);"
                + " required binary rejected (STRING);",
            row -> row.append("prompt", "\"a\" 1").append("chosen", "c").append("rejected", "r"));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                rows(
                    json,
                    fault -> {
                      throw new InvalidInputException(fault.message());
                    }))
        .withMessage(
            json
                + ":1: field 'prompt' is not valid JSON, although its column has this type: more than one"
                + " value");
    Path bytes =
        write(
            "required binary prompt; required binary chosen (STRING);"
                + " required binary rejected (STRING);",
            row -> row.append("prompt", "a").append("chosen", "c").append("rejected", "r"));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                rows(
                    bytes,
                    fault -> {
                      throw new InvalidInputException(fault.message());
                    }))
        .withMessageContaining("'prompt' (bytes)");
  }

  private static Consumer<Group> pair(Consumer<Group> more) {
    return row -> {
      row.append("prompt", "p").append("chosen", "c").append("rejected", "r");
      more.accept(row);
    };
  }

  private static void add(Group row, String column, String value) {
    switch (column.substring(0, column.indexOf(' '))) {
      case "int32" -> row.append("x", Integer.parseInt(value));
      case "int64" -> row.append("x", Long.parseLong(value));
      case "boolean" -> row.append("x", Boolean.parseBoolean(value));
      case "double" -> row.append("x", Double.parseDouble(value));
      default -> row.append("x", Binary.fromConstantByteArray(HexFormat.of().parseHex(value)));
    }
  }

  private static List<Row> rows(Path file, Consumer<RowFault> faults) {
    try (RowReader reader = DataFiles.of(List.of(file)).open(faults)) {
      List<Row> rows = new ArrayList<>();
      reader.forEachRemaining(rows::add);
      return rows;
    }
  }

  @SafeVarargs
  private Path write(String columns, Consumer<Group>... rows) throws Exception {
    Path file = folder.resolve("rows" + System.identityHashCode(rows) + ".parquet");
    MessageType schema = MessageTypeParser.parseMessageType("message rows {" + columns + "}");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (Consumer<Group> row : rows) {
        Group group = new SimpleGroupFactory(schema).newGroup();
        row.accept(group);
        writer.write(group);
      }
    }
    return file;
  }
}
