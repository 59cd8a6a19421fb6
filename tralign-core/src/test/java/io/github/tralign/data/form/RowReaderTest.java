package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import io.github.tralign.data.row.TextRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowReaderTest {

  private static final String ROW = row("p", "c", "r");

  @TempDir Path folder;

  @Test
  void rows_come_in_order_with_their_place() throws IOException {
    Path file = file("data.jsonl", row("a", "b", "c") + "\n" + row("ä", "漢", "😀") + "\n");
    assertThat(read(file))
        .containsExactly(pair("a", "b", "c", file + ":1"), pair("ä", "漢", "😀", file + ":2"));
  }

  @Test
  void the_last_line_needs_no_end() throws IOException {
    assertThat(read(file("data.jsonl", ROW + "\n" + ROW))).hasSize(2);
  }

  @Test
  void windows_line_ends_and_a_byte_order_mark_are_passed_over() throws IOException {
    Path file = file("data.jsonl", "\uFEFF" + ROW + "\r\n" + ROW + "\r\n");
    assertThat(read(file)).hasSize(2).allMatch(row -> ((TextRow) row).prompt().equals("p"));
  }

  @Test
  void blank_lines_are_no_rows_but_count_as_lines() throws IOException {
    Path file = file("data.jsonl", ROW + "\n  \t\n\r\n" + ROW + "\n\n\n");
    assertThat(read(file)).extracting(Row::origin).containsExactly(file + ":1", file + ":4");
    try (RowReader rows = open(file, fault -> {})) {
      rows.forEachRemaining(pair -> {});
      assertThat(rows.records()).isEqualTo(2);
    }
  }

  @Test
  void lines_longer_than_the_buffer_are_read_whole() throws IOException {
    String text = "é".repeat(100_000);
    assertThat(read(file("data.jsonl", row(text, text, "r") + "\n" + ROW)).get(0))
        .isInstanceOfSatisfying(TextRow.class, row -> assertThat(row.prompt()).isEqualTo(text));
  }

  @Test
  void a_compressed_file_is_reported_by_its_suffix() throws IOException {
    Path file = bytes("data.jsonl.gz", gzip(ROW + "\n" + ROW));
    assertThat(read(file)).hasSize(2);
  }

  @Test
  void the_parts_of_a_compressed_file_in_several_members_are_all_read() throws IOException {
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    members.write(gzip(ROW + "\n"));
    members.write(gzip(ROW + "\n"));
    assertThat(read(bytes("data.jsonl.gz", members.toByteArray()))).hasSize(2);
  }

  @Test
  void the_hash_is_that_of_the_stored_bytes_even_if_not_all_was_read() throws IOException {
    for (String name : List.of("data.jsonl", "data.jsonl.gz")) {
      String text = (ROW + "\n").repeat(10_000);
      Path file = name.endsWith(".gz") ? bytes(name, gzip(text)) : file(name, text);
      String expected = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
      try (RowReader rows = open(file, fault -> {})) {
        rows.next();
        assertThat(rows.sources().get(0).sha256()).isEqualTo(expected);
      }
      try (RowReader rows = open(file, fault -> {})) {
        rows.forEachRemaining(pair -> {});
        assertThat(rows.sources().get(0).sha256()).isEqualTo(expected);
      }
    }
  }

  @Test
  void after_the_last_row_there_is_no_next() throws IOException {
    try (RowReader rows = open(file("data.jsonl", ROW), fault -> {})) {
      rows.next();
      assertThat(rows.hasNext()).isFalse();
      assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(rows::next);
    }
  }

  @Test
  void a_missing_file_is_refused() {
    assertRefused(folder.resolve("none.jsonl")).withMessageEndingWith("none.jsonl: no such file");
  }

  @Test
  void an_empty_file_is_refused() throws IOException {
    assertRefused(file("data.jsonl", "")).withMessageEndingWith("data.jsonl: the file is empty");
    assertRefused(bytes("data.jsonl.gz", new byte[0]))
        .withMessageEndingWith("data.jsonl.gz: the file is empty");
  }

  @Test
  void a_file_of_blank_lines_is_refused() throws IOException {
    String message = "contains no row";
    assertRefused(file("data.jsonl", "\n\n")).withMessageEndingWith("data.jsonl: " + message);
    assertRefused(file("mark.jsonl", "\uFEFF")).withMessageEndingWith(message);
    assertRefused(bytes("data.jsonl.gz", gzip(""))).withMessageEndingWith(message);
  }

  @Test
  void invalid_utf_8_is_refused_with_its_line() throws IOException {
    byte[] latin1 = (ROW + "\n" + row("\u00e9", "c", "r")).getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(bytes("data.jsonl", latin1))
        .withMessageEndingWith("data.jsonl:2: not valid UTF-8; save the file as UTF-8 text");
  }

  @Test
  void a_truncated_compressed_file_is_refused_with_the_line_reached() throws IOException {
    byte[] whole = gzip(manyRows());
    Path file = bytes("data.jsonl.gz", Arrays.copyOf(whole, whole.length / 2));
    assertRefused(file)
        .withMessageMatching(
            "(?s).*data\\.jsonl\\.gz:\\d{2,}: the gzip data ends before its end mark;"
                + " the file is truncated");
    assertRefused(bytes("trailer.jsonl.gz", Arrays.copyOf(whole, whole.length - 3)))
        .withMessageContaining("truncated");
    assertRefused(bytes("header.jsonl.gz", Arrays.copyOf(whole, 5)))
        .withMessageContaining("truncated");
  }

  @Test
  void a_damaged_compressed_file_is_refused() throws IOException {
    byte[] damaged = gzip(manyRows());
    damaged[damaged.length - 8] ^= 1; // the check sum
    assertRefused(bytes("data.jsonl.gz", damaged)).withMessageContaining("gzip data is damaged");
  }

  @Test
  void a_suffix_that_does_not_fit_the_content_is_refused() throws IOException {
    assertRefused(file("plain.jsonl.gz", ROW.repeat(5)))
        .withMessageEndingWith("plain.jsonl.gz: not gzip data, though its name ends in .gz");
    assertRefused(bytes("packed.jsonl", gzip(ROW)))
        .withMessageEndingWith(
            "packed.jsonl: looks like gzip data; the name of a compressed file must end in .gz");
  }

  @Test
  void a_faulty_row_is_refused_with_its_line() throws IOException {
    assertRefused(file("data.jsonl", ROW + "\n\n{\"prompt\": \"p\"}\n"))
        .withMessageContaining("data.jsonl:3: field 'chosen' is missing");
  }

  @Test
  void faulty_rows_can_be_passed_over_and_reported() throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write((ROW + "\n{\n").getBytes(StandardCharsets.UTF_8));
    content.write(new byte[] {'"', (byte) 0xFF, '"', '\n'});
    content.write((row("", "", "r") + "\n" + ROW).getBytes(StandardCharsets.UTF_8));
    Path file = bytes("data.jsonl", content.toByteArray());
    List<RowFault> faults = new ArrayList<>();
    try (RowReader rows = open(file, faults::add)) {
      List<String> origins = new ArrayList<>();
      rows.forEachRemaining(pair -> origins.add(pair.origin()));
      assertThat(origins).containsExactly(file + ":1", file + ":5");
      assertThat(rows.records()).isEqualTo(5);
    }
    assertThat(faults)
        .extracting(RowFault::reason)
        .containsExactly(DropReason.JSON, DropReason.ENCODING, DropReason.EMPTY_COMPLETION);
    assertThat(faults)
        .extracting(RowFault::origin)
        .containsExactly(file + ":2", file + ":3", file + ":4");
  }

  private ThrowableAssertAlternative<InvalidInputException> assertRefused(Path file) {
    return assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> read(file));
  }

  private static List<Row> read(Path file) {
    return Read.all(file);
  }

  private static RowReader open(Path file, Consumer<RowFault> faults) {
    return DataFiles.of(List.of(file)).open(faults);
  }

  private static TextRow pair(String prompt, String chosen, String rejected, String origin) {
    return new TextRow(prompt, ImmutableList.of(chosen, rejected), Judgement.NONE, origin);
  }

  private Path file(String name, String content) throws IOException {
    return bytes(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private Path bytes(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] gzip(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** Rows that do not compress well, so that half of the file holds many of them. */
  private static String manyRows() {
    Random random = new Random(1);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      String text = Long.toHexString(random.nextLong());
      rows.append(row(text, text, "r")).append('\n');
    }
    return rows.toString();
  }

  private static String row(String prompt, String chosen, String rejected) {
    return String.format(
        "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}", prompt, chosen, rejected);
  }
}
