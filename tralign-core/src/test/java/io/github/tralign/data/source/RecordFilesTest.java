package io.github.tralign.data.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.github.tralign.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilesTest {

  @TempDir Path folder;

  @Test
  void the_kind_of_file_is_reported_by_the_suffix() throws IOException {
    assertRefused(write("data.txt", "{}"))
        .withMessageEndingWith(
            "data.txt: unknown suffix; known: .jsonl, .ndjson, .json, .csv (these also with .gz or .zst appended)");
    assertRefused(write("data.parquet", "PAR1"))
        .withMessageEndingWith("; Parquet requires the module tralign-parquet, which is missing");
    assertRefused(folder.resolve("none.txt")).withMessageEndingWith("none.txt: no such file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"d.jsonl", "D.NDJSON", "d.jsonl.gz", "d.jsonl.zst", "d.JSON", "d.json.gz"})
  void json_is_the_same_in_all_its_files(String name) throws IOException {
    Path file = write(name, "\uFEFF{\"a\": \"é\"}\r\n\r\n{\"a\": null, \"b\": [{\"c\": 1.5}]}\r\n");
    assertThat(read(file)).containsExactly("{\"a\":\"é\"}", "{\"a\":null,\"b\":[{\"c\":1.5}]}");
    try (RecordReader reader = RecordFiles.open(file)) {
      assertThat(reader.sha256())
          .isEqualTo(MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"d.jsonl", "d.json", "d.csv", "d.csv.gz", "d.json.zst"})
  void the_hash_is_that_of_the_stored_bytes_however_much_was_read(String name) throws Exception {
    Path file = write(name, name.contains("csv") ? "a\n1\n2\n" : "{\"a\": 1}\n{\"a\": 2}\n");
    String expected = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
    for (int read = 0; read <= 3; read++) {
      try (RecordReader reader = RecordFiles.open(file)) {
        for (int i = 0; i < read; i++) {
          assertThat(reader.next() == null).isEqualTo(i == 2);
        }
        assertThat(reader.sha256()).isEqualTo(expected);
      }
    }
  }

  // Lists of JSON

  @Test
  void a_list_of_objects_may_span_lines_or_be_on_one() throws IOException {
    assertThat(read(write("d.json", "[\n {\"a\":\n 1},\n\n {\"a\": 2}\n]\n")))
        .containsExactly("{\"a\":1}", "{\"a\":2}");
    assertThat(origins(write("e.json", "[{\"a\": 1}, {\"a\": 2}\n, {}]")))
        .containsExactly(
            folder.resolve("e.json") + ":1 (record 1)",
            folder.resolve("e.json") + ":1 (record 2)",
            folder.resolve("e.json") + ":2 (record 3)");
    assertThat(read(write("f.json", "[]"))).isEmpty();
  }

  @Test
  void what_is_no_object_in_a_list_is_reported_and_passed_over() throws IOException {
    try (RecordReader reader = RecordFiles.open(write("d.json", "[{}, 3,\n[1, {}], {\"a\": 2}]"))) {
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        try {
          DataRecord record = reader.next();
          seen.add(record == null ? "end" : record.fields().toString());
        } catch (InvalidRecordException e) {
          seen.add(e.detail());
        }
      }
      assertThat(seen)
          .containsExactly(
              "{}",
              "expected JSON objects, found a number",
              "expected JSON objects, found a list",
              "{\"a\":2}",
              "end");
    }
  }

  @Test
  void a_list_that_is_broken_is_refused_with_its_line() throws IOException {
    assertRefused(write("a.json", "[{\"a\": 1},\n{\"a\": "))
        .withMessageEndingWith("a.json:2: not valid JSON: the file ends inside a value");
    assertRefused(write("b.json", "[{}]\n[{}]"))
        .withMessageEndingWith("b.json:2: not valid JSON: there is text after the end of the list");
    assertRefused(write("c.json", "[{\"a\": 1, \"a\": 2}]"))
        .withMessageContaining("c.json:1: not valid JSON: Duplicate field 'a'");
    assertRefused(bytes("d.json", "[{},\n{\u00e9}]".getBytes(ISO_8859_1)))
        .withMessageEndingWith("d.json:2: not valid UTF-8; save the file as UTF-8 text");
  }

  // CSV

  @Test
  void csv_has_names_first_and_quotes_where_needed() throws IOException {
    Path file =
        write(
            "d.csv",
            "\uFEFFprompt,chosen,label\r\na,\"b, \"\"c\"\"\nd\",1\r\n\r\n \u00e9 ,,\r\n\"\",x,\"\"");
    assertThat(read(file))
        .containsExactly(
            "{\"prompt\":\"a\",\"chosen\":\"b, \\\"c\\\"\\nd\",\"label\":\"1\"}",
            "{\"prompt\":\" é \",\"chosen\":null,\"label\":null}",
            "{\"prompt\":\"\",\"chosen\":\"x\",\"label\":\"\"}");
    assertThat(origins(file)).containsExactly(file + ":2", file + ":5", file + ":6");
  }

  @Test
  void line_ends_within_a_cell_stay_as_they_are() throws IOException {
    assertThat(read(write("d.csv", "a\n\"x\r\ny\nz\rw\"\n")))
        .containsExactly("{\"a\":\"x\\r\\ny\\nz\\rw\"}");
  }

  @Test
  void csv_that_is_broken_is_refused_with_its_line() throws IOException {
    assertRefused(write("a.csv", "a,b\n1,2\n\"3,4"))
        .withMessageContaining("a.csv:3: not valid CSV");
    assertRefused(write("b.csv", "a,a\n1,2"))
        .withMessageEndingWith("b.csv:1: two columns are named 'a'");
    assertRefused(write("c.csv", "\n"))
        .withMessageEndingWith("expected a header row with the names of the columns");
    assertRefused(write("e.csv", "\uFEFFprompt;chosen\r\nHi, you;Hello\r\n"))
        .withMessageEndingWith(
            "e.csv:1: contains semicolons but no comma; save the file with commas"
                + " between the columns");
    assertRefused(write("f.csv", "prompt\tchosen\na\tb\n"))
        .withMessageContaining("f.csv:1: contains tabs but no comma");
    try (RecordReader reader = RecordFiles.open(write("d.csv", "a,b\n1\n1,2,3\n1,2\n"))) {
      assertThatExceptionOfType(InvalidRecordException.class)
          .isThrownBy(reader::next)
          .withMessageEndingWith("d.csv:2: 1 cell, but the file's first line names 2 columns");
      assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(reader::next);
      assertThat(reader.next()).isNotNull();
    } catch (InvalidRecordException e) {
      throw new AssertionError(e);
    }
  }

  // Compression

  @Test
  void zstd_in_several_frames_is_read_whole() throws IOException {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.write(zstd("{\"a\": 1}\n".getBytes(UTF_8)));
    frames.write(zstd("{\"a\": 2}\n".getBytes(UTF_8)));
    assertThat(read(bytes("d.jsonl.zst", frames.toByteArray()))).hasSize(2);
  }

  @Test
  void damaged_zstd_is_refused() throws IOException {
    byte[] whole = zstd("{\"a\": \"some text\"}\n".repeat(1000).getBytes(UTF_8));
    assertRefused(bytes("cut.jsonl.zst", Arrays.copyOf(whole, whole.length / 2)))
        .withMessageContaining("the zstd data ends before its end mark; the file is truncated");
    assertRefused(write("plain.jsonl.zst", "{}", false))
        .withMessageContaining("not zstd data, though its name ends in .zst");
    assertRefused(bytes("packed.jsonl", whole))
        .withMessageEndingWith(
            "looks like zstd data; the name of a compressed file must end in .zst");
  }

  // Folders

  @Test
  void a_folder_is_its_files_by_name() throws IOException {
    Path shards = Files.createDirectory(folder.resolve("shards"));
    for (String name :
        List.of("b.jsonl", "a.json", "c.csv", "README.md", ".hidden.jsonl", "_x.csv")) {
      Files.writeString(shards.resolve(name), "x");
    }
    Files.createDirectory(shards.resolve("more.jsonl"));
    assertThat(RecordFiles.expand(shards))
        .containsExactly(
            shards.resolve("a.json"), shards.resolve("b.jsonl"), shards.resolve("c.csv"));
    assertThat(RecordFiles.expand(shards.resolve("none"))).containsExactly(shards.resolve("none"));
  }

  @Test
  void a_folder_without_data_is_refused() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> RecordFiles.expand(folder))
        .withMessageStartingWith(
            folder + ": the folder contains no data file; known suffixes: .jsonl,");
  }

  private ThrowableAssertAlternative<InvalidInputException> assertRefused(Path file) {
    return assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> read(file));
  }

  private static List<String> read(Path file) {
    return records(file).stream().map(record -> record.fields().toString()).toList();
  }

  private static List<String> origins(Path file) {
    return records(file).stream().map(DataRecord::origin).toList();
  }

  private static List<DataRecord> records(Path file) {
    try (RecordReader reader = RecordFiles.open(file)) {
      List<DataRecord> records = new ArrayList<>();
      for (DataRecord record = reader.next(); record != null; record = reader.next()) {
        records.add(record);
      }
      return records;
    } catch (InvalidRecordException e) {
      throw new AssertionError(e);
    }
  }

  private Path write(String name, String content) throws IOException {
    return write(name, content, true);
  }

  private Path write(String name, String content, boolean pack) throws IOException {
    byte[] text = content.getBytes(UTF_8);
    boolean gz = pack && name.endsWith(".gz");
    boolean zst = pack && name.endsWith(".zst");
    return bytes(name, gz ? gzip(text) : zst ? zstd(text) : text);
  }

  private Path bytes(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] zstd(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zstd = new ZstdOutputStreamNoFinalizer(bytes)) {
      zstd.write(content);
    }
    return bytes.toByteArray();
  }
}
