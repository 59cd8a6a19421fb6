package io.github.tralign.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.jerolba.carpet.CarpetWriter;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.RowReader;
import io.github.tralign.data.row.ChatRow;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.data.source.InvalidRecordException;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.data.source.RecordReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFormatTest {

  /** Written by the library that reads, and public since it makes them by reflection. */
  public record Turn(String role, @Nullable String content) {}

  public record Dialogues(
      String prompt,
      List<Turn> chosen,
      List<Turn> rejected,
      double score_chosen,
      float score_rejected) {}

  public record Kinds(
      boolean truth,
      int small,
      long large,
      @Nullable String missing,
      List<@Nullable Integer> numbers,
      Map<String, Integer> named,
      Turn object,
      LocalDate day) {}

  public record Prompt(String prompt) {}

  @TempDir Path folder;

  @Test
  void lists_of_messages_are_read_as_the_forms_expect_them() throws IOException {
    Turn user = new Turn("user", "Name a colour.");
    Path file =
        write(
            "train-00000-of-00001.parquet",
            Dialogues.class,
            new Dialogues(
                "Name a colour.",
                List.of(user, new Turn("assistant", "Réd. 😀")),
                List.of(user, new Turn("assistant", "No.")),
                8.5,
                2f));
    try (RowReader reader = DataFiles.of(List.of(folder)).open(fault -> {})) {
      Row row = reader.next();
      assertThat(row).isInstanceOf(ChatRow.class);
      assertThat(((ChatRow) row).prompt()).extracting("content").containsExactly("Name a colour.");
      assertThat(((ChatRow) row).completions().get(0).get(0).content()).isEqualTo("Réd. 😀");
      assertThat(row.judgement().margin()).hasValue(6.5);
      assertThat(row.origin()).isEqualTo(file + ":1");
      assertThat(reader.hasNext()).isFalse();
      assertThat(reader.sources().get(0).sha256())
          .isEqualTo(MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString());
    }
  }

  @Test
  void all_kinds_of_values_come_as_json() throws Exception {
    Path file =
        write(
            "kinds.parquet",
            Kinds.class,
            new Kinds(
                true,
                -7,
                1L << 40,
                null,
                Arrays.asList(1, null, 3),
                Map.of("a", 1),
                new Turn("user", null),
                LocalDate.of(2026, 11, 24)));
    try (RecordReader reader = RecordFiles.open(file)) {
      DataRecord record = reader.next();
      assertThat(record).isNotNull();
      assertThat(record.fields().toString())
          .isEqualTo(
              "{\"truth\":true,\"small\":-7,\"large\":1099511627776,\"missing\":null,"
                  + "\"numbers\":[1,null,3],\"named\":{\"a\":1},"
                  + "\"object\":{\"role\":\"user\",\"content\":null},\"day\":\"2026-11-24\"}");
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void many_rows_come_in_order() throws IOException {
    Turn[] turns = new Turn[20_000];
    Arrays.setAll(turns, i -> new Turn("user", "number " + i));
    Path file = write("many.parquet", Turn.class, turns);
    try (RecordReader reader = RecordFiles.open(file)) {
      List<String> contents = new ArrayList<>();
      for (DataRecord record = reader.next(); record != null; record = reader.next()) {
        contents.add(record.fields().path("content").asText());
      }
      assertThat(contents).isEqualTo(Arrays.stream(turns).map(Turn::content).toList());
    } catch (InvalidRecordException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_is_no_parquet_is_refused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.parquet"), "{\"prompt\": \"p\"}\n");
    assertRefused(text).withMessageStartingWith(text + ": cannot be read as Parquet (");
    Path whole = write("whole.parquet", Turn.class, new Turn("user", "u"));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(cut).withMessageStartingWith(cut + ": cannot be read as Parquet (");
    assertRefused(Files.createFile(folder.resolve("empty.parquet")))
        .withMessageContaining("empty.parquet: cannot be read as Parquet (");
    assertRefused(folder.resolve("none.parquet"))
        .withMessageEndingWith("none.parquet: no such file");
  }

  /** Its message is there or not, as the code that throws it is compiled or interpreted. */
  @Test
  void an_index_out_of_bounds_is_reported_without_its_index() {
    Exception e = new IOException(new IndexOutOfBoundsException(7));
    assertThat(ParquetReader.unreadable("a.parquet", e))
        .hasMessage(
            "a.parquet: cannot be read as Parquet" + " (java.lang.IndexOutOfBoundsException)");
  }

  /** The largest size that a header can claim is one that no array has, whatever the memory. */
  @Test
  void a_page_that_claims_more_memory_than_there_is_is_refused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CarpetWriter<Prompt> writer =
        new CarpetWriter.Builder<>(bytes, Prompt.class)
            .withCompressionCodec(CompressionCodecName.LZ4_RAW)
            .withDictionaryEncoding(false)
            .build()) {
      writer.write(new Prompt("p"));
    }
    Path file = folder.resolve("claim.parquet");
    Files.write(file, Pages.claiming(bytes.toByteArray(), 1));
    assertRefused(file).withMessageContaining("cannot be read as Parquet");
    Files.write(file, Pages.claiming(bytes.toByteArray(), Integer.MAX_VALUE));
    assertRefused(file)
        .withMessage(
            file
                + ": a page needs more memory than Java may use: it is damaged, or Java's limit must"
                + " be raised with -Xmx");
  }

  private static ThrowableAssertAlternative<InvalidInputException> assertRefused(Path file) {
    return assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> RecordFiles.open(file));
  }

  @SafeVarargs
  private <T> Path write(String name, Class<T> type, T... rows) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        CarpetWriter<T> writer = new CarpetWriter<>(out, type)) {
      writer.write(List.of(rows));
    }
    return file;
  }
}
