package io.github.tralign.data.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.tralign.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that are no UTF-8, and texts that are too long, each with its line. */
class BadBytesTest {

  private static final String PROBLEM = ": not valid UTF-8; save the file as UTF-8 text";

  @TempDir Path folder;

  /** The third row has the bad byte, the fourth is read again. */
  @ParameterizedTest
  @CsvSource({
    "a.csv, :3",
    "a.csv.gz, :3",
    "a.json, :3 (record 2)",
    "a.json.gz, :3 (record 2)",
    "a.jsonl, :3",
    "a.jsonl.gz, :3"
  })
  void a_bad_byte_is_refused_with_its_line_and_read_on_behind(String name, String place)
      throws IOException, InvalidRecordException {
    String content =
        name.contains("csv")
            ? "a\n\u00c3\u00a9\n\u00ff\ngood\n"
            : name.contains("jsonl")
                ? "{\"a\": \"\u00c3\u00a9\"}\n\n{\"a\": \"\u00ff\"}\n{\"a\": \"good\"}\n"
                : "[\n{\"a\": \"\u00c3\u00a9\"},\n{\"a\": \"\u00ff\"},\n{\"a\": \"good\"}]";
    Path file = write(name, content.getBytes(ISO_8859_1));
    try (RecordReader reader = RecordFiles.open(file)) {
      assertThat(text(reader.next())).isEqualTo("\u00e9");
      InvalidRecordException fault =
          catchThrowableOfType(InvalidRecordException.class, reader::next);
      assertThat(fault).hasMessage(file + place + PROBLEM);
      assertThat(fault.kind()).isEqualTo(InvalidRecordException.Kind.ENCODING);
      assertThat(text(reader.next())).isEqualTo("good");
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void bad_bytes_where_syntax_belongs_are_reported_as_what_they_are() throws IOException {
    assertRefused(write("names.csv", "\u00e9,b\n1,2\n".getBytes(ISO_8859_1)), ":1" + PROBLEM);
    assertRefused(write("comma.json", "[{},\n\u00e9{}]".getBytes(ISO_8859_1)), ":2" + PROBLEM);
    assertRefused(
        write("wide.csv", "a,b\n1,2\n".getBytes(UTF_16LE)),
        ":1: a column's name contains the character NUL; save the file as UTF-8 text");
  }

  @Test
  void a_quote_that_is_never_closed_is_refused_with_the_line_where_its_row_begins()
      throws IOException {
    assertRefused(
        write("a.csv", "a\nx\n\"y\nz\n1\n2\n".getBytes(ISO_8859_1)),
        ":3: not valid CSV, in the row that begins here: Missing closing quote for value");
  }

  @Test
  void a_text_that_is_too_long_is_refused_with_its_line() throws IOException {
    String text = "a".repeat(TextValues.MAX_CHARS + 1);
    String problem = "a text is longer than 16,000,000 characters, the maximum for a text";
    Path lines = write("a.jsonl", ("{\"a\": 1}\n{\"a\": \"" + text + "\"}").getBytes(ISO_8859_1));
    assertThat(refusal(lines)).startsWith(lines + ":2: not valid JSON: " + problem);
    Path list = write("a.json", ("[{\"a\":\n\"" + text + "\"}]").getBytes(ISO_8859_1));
    assertThat(refusal(list)).isEqualTo(list + ":2: not valid JSON: " + problem);
    Path cells = write("a.csv", ("a\n" + text + "\n").getBytes(ISO_8859_1));
    assertThat(refusal(cells)).startsWith(cells + ":2: ").contains(problem);
  }

  @Test
  void what_is_no_regular_file_is_refused_and_not_waited_for() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> SourceFile.requireRegular(Path.of("/dev/null")))
        .withMessageContaining("expected a regular file");
  }

  /** Invalid bytes give a replacement each, and their lines are those that a person counts. */
  @Property(tries = 200)
  void text_is_decoded_as_the_jdk_does_and_faults_have_their_lines(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 6) Integer> kinds,
      @ForAll @IntRange(min = 1, max = 7) int step)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<Long> expected = new ArrayList<>();
    long line = 1;
    for (int kind : kinds) {
      String piece = List.of("a", "\u00e9", "\u6f22", "\ud83d\ude00", "\n", "\r\n", "").get(kind);
      line += kind == 4 || kind == 5 ? 1 : 0;
      bytes.write(piece.getBytes(StandardCharsets.UTF_8));
      if (piece.isEmpty()) {
        bytes.write(0xff);
        expected.add(line);
      }
    }
    StringBuilder read = new StringBuilder();
    List<Long> lines = new ArrayList<>();
    try (Utf8Reader reader = new Utf8Reader(new ByteArrayInputStream(bytes.toByteArray()))) {
      char[] chars = new char[step + 1]; // a pair of surrogates has room
      for (int n = reader.read(chars); n >= 0; n = reader.read(chars)) {
        read.append(chars, 0, n);
        for (long end = read.length() - n + 1L; end <= read.length(); end++) {
          reader.faultBefore(end).ifPresent(lines::add);
        }
      }
    }
    assertThat(read.toString())
        .isEqualTo(StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes.toByteArray())).toString());
    assertThat(lines).isEqualTo(expected);
  }

  private static void assertRefused(Path file, String detail) {
    assertThat(refusal(file)).isEqualTo(file + detail);
  }

  private static String refusal(Path file) {
    try (RecordReader reader = RecordFiles.open(file)) {
      while (reader.next() != null) {
        // on to the fault
      }
      throw new AssertionError(file + " was read");
    } catch (InvalidInputException | InvalidRecordException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String text(@Nullable DataRecord record) {
    assertThat(record).isNotNull();
    return record.fields().path("a").asText();
  }

  private Path write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out =
        name.endsWith(".gz")
            ? new GZIPOutputStream(Files.newOutputStream(file))
            : Files.newOutputStream(file)) {
      out.write(content);
    }
    return file;
  }
}
