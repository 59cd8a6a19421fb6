package io.github.tralign.parquet;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import com.jerolba.carpet.CarpetWriter;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.RowReader;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.data.source.InvalidRecordException;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.data.source.RecordReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/** Damaged and surprising files: a clear error or a counted drop, never anything else. */
class ParquetFuzzTest {

  /** Written by reflection. */
  public record Turn(@Nullable String role, @Nullable String content) {}

  public record Pair(
      @Nullable String prompt,
      @Nullable String chosen,
      @Nullable String rejected,
      @Nullable Double margin) {}

  public record Dialogues(
      @Nullable String prompt,
      @Nullable List<@Nullable Turn> chosen,
      @Nullable List<@Nullable Turn> rejected,
      @Nullable Float score_chosen,
      @Nullable Float score_rejected) {}

  public record Labelled(
      @Nullable String prompt, @Nullable String completion, @Nullable Boolean label) {}

  public record OfOtherTypes(int prompt, @Nullable List<Integer> chosen, boolean rejected) {}

  private static Path folder = Path.of("");

  @BeforeContainer
  static void make_folder() throws IOException {
    folder = Files.createTempDirectory("parquet");
  }

  @AfterContainer
  static void remove_folder() throws IOException {
    Files.deleteIfExists(file());
    Files.delete(folder);
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void damaged_files_are_rows_drops_or_errors(
      @ForAll("codecs") CompressionCodecName codec, @ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = whole(codec, random);
    for (int n = random.nextInt(3); n > 0; n--) {
      bytes = damaged(bytes, random.nextBoolean() ? 0 : footer(bytes), random);
    }
    assertAccountedFor(bytes);
  }

  @Tag("nightly")
  @Property(tries = 1_500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void many_times_damaged_files_are_rows_drops_or_errors(
      @ForAll("codecs") CompressionCodecName codec, @ForAll long seed) throws IOException {
    damaged_files_are_rows_drops_or_errors(codec, seed);
  }

  /** What pages hold, which is all texts and numbers, has a checksum; the format has none else. */
  @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void damage_in_what_pages_hold_is_reported_or_changes_nothing(
      @ForAll("codecs") CompressionCodecName codec, @ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = whole(codec, random);
    List<String> whole = new ArrayList<>();
    assertThat(read(bytes, whole)).isEmpty();
    int[] contents = Pages.contents(bytes).toArray();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      bytes[contents[random.nextInt(contents.length)]] ^= (byte) (1 << random.nextInt(8));
    }
    List<String> rows = new ArrayList<>();
    String error = read(bytes, rows);
    assertThat(rows).isEqualTo(error.isEmpty() ? whole : whole.subList(0, rows.size()));
  }

  @Tag("nightly")
  @Property(tries = 1_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void many_times_damage_in_what_pages_hold_is_reported_or_changes_nothing(
      @ForAll("codecs") CompressionCodecName codec, @ForAll long seed) throws IOException {
    damage_in_what_pages_hold_is_reported_or_changes_nothing(codec, seed);
  }

  /** What a buffer held before must not pass for what a page holds. */
  @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void damage_without_checksums_reads_the_same_after_another_file(
      @ForAll("codecs") CompressionCodecName codec, @ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = written(Pair.class, codec, false, random, () -> pair(random, 0));
    String text = "larger than any page of the other".repeat(200);
    byte[] larger =
        written(Pair.class, codec, false, random, () -> new Pair(text, text, text, 0.0));
    int[] contents = Pages.contents(bytes).toArray();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = contents[random.nextInt(contents.length)];
      bytes[at] = (byte) (random.nextBoolean() ? 0 : bytes[at] ^ 1 << random.nextInt(8));
    }
    List<String> rows = new ArrayList<>();
    String error = read(bytes, rows);
    assertThat(read(larger, new ArrayList<>())).isEmpty();
    List<String> again = new ArrayList<>();
    assertThat(read(bytes, again)).isEqualTo(error);
    assertThat(again).isEqualTo(rows);
  }

  @Tag("nightly")
  @Property(tries = 1_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void many_times_damage_without_checksums_reads_the_same_after_another_file(
      @ForAll("codecs") CompressionCodecName codec, @ForAll long seed) throws IOException {
    damage_without_checksums_reads_the_same_after_another_file(codec, seed);
  }

  @Provide
  Arbitrary<CompressionCodecName> codecs() {
    return Arbitraries.of(
        CompressionCodecName.UNCOMPRESSED,
        CompressionCodecName.SNAPPY,
        CompressionCodecName.GZIP,
        CompressionCodecName.ZSTD,
        CompressionCodecName.LZ4_RAW);
  }

  /** All records as JSON into {@code rows}, up to an error, whose message it gives. */
  private static String read(byte[] bytes, List<String> rows) throws IOException {
    try (RecordReader reader = RecordFiles.open(Files.write(file(), bytes))) {
      for (DataRecord row = reader.next(); row != null; row = reader.next()) {
        rows.add(row.fields().toString());
      }
      return "";
    } catch (InvalidInputException e) {
      return String.valueOf(e.getMessage());
    } catch (InvalidRecordException e) {
      throw new AssertionError("a row of Parquet is always a record", e);
    }
  }

  /**
   * Reads a file twice, with faults as errors and with faults counted. The first stops at an error
   * that the second counts first.
   */
  private static void assertAccountedFor(byte[] bytes) throws IOException {
    Path file = Files.write(file(), bytes);
    List<RowFault> faults = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    String error = read(rows, faults::add);
    for (RowFault fault : faults) {
      assertThat(fault.message()).startsWith(file + ":");
      assertThat(fault.reason().isFault()).isTrue();
    }
    String expected = faults.isEmpty() ? error : faults.get(0).message();
    List<Row> before = new ArrayList<>();
    String first =
        read(
            before,
            fault -> {
              throw new InvalidInputException(fault.message());
            });
    assertThat(first).isEqualTo(expected);
    assertThat(rows.subList(0, before.size())).isEqualTo(before);
  }

  /** The rows up to an error, whose message it gives. */
  private static String read(List<Row> rows, Consumer<RowFault> faults) {
    try (RowReader reader = DataFiles.of(List.of(file())).open(faults)) {
      reader.forEachRemaining(rows::add);
      return "";
    } catch (InvalidInputException e) {
      assertThat(e).hasMessageContaining(file().toString());
      return String.valueOf(e.getMessage());
    }
  }

  private static Path file() {
    return folder.resolve("rows.parquet");
  }

  // Files

  private static byte[] whole(CompressionCodecName codec, Random random) throws IOException {
    double nulls = random.nextInt(3) * 0.2;
    return switch (random.nextInt(4)) {
      case 0 -> written(Pair.class, codec, true, random, () -> pair(random, nulls));
      case 1 -> written(Labelled.class, codec, true, random, () -> labelled(random, nulls));
      case 2 -> written(OfOtherTypes.class, codec, true, random, () -> ofOtherTypes(random));
      default -> written(Dialogues.class, codec, true, random, () -> dialogues(random, nulls));
    };
  }

  private static <T> byte[] written(
      Class<T> type, CompressionCodecName codec, boolean checksums, Random random, Supplier<T> rows)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CarpetWriter<T> writer =
        new CarpetWriter.Builder<>(bytes, type)
            .withCompressionCodec(codec)
            .withPageWriteChecksumEnabled(checksums)
            .withPageRowCountLimit(1 + random.nextInt(20))
            .withRowGroupRowCountLimit(1 + random.nextInt(40))
            .withDictionaryEncoding(random.nextBoolean())
            .build()) {
      for (int left = 1 + random.nextInt(60); left > 0; left--) {
        writer.write(rows.get());
      }
    }
    return bytes.toByteArray();
  }

  private static Pair pair(Random random, double nulls) {
    return new Pair(
        orNull(random, nulls, text(random)),
        orNull(random, nulls, text(random)),
        orNull(random, nulls, text(random)),
        orNull(random, nulls, random.nextGaussian()));
  }

  private static Labelled labelled(Random random, double nulls) {
    return new Labelled(
        orNull(random, nulls, text(random)),
        orNull(random, nulls, text(random)),
        orNull(random, nulls, random.nextBoolean()));
  }

  private static OfOtherTypes ofOtherTypes(Random random) {
    return new OfOtherTypes(
        random.nextInt(), List.of(random.nextInt(), random.nextInt()), random.nextBoolean());
  }

  private static Dialogues dialogues(Random random, double nulls) {
    Turn question = new Turn("user", text(random));
    return new Dialogues(
        orNull(random, nulls, question.content()),
        orNull(random, nulls, turns(question, random, nulls)),
        orNull(random, nulls, turns(question, random, nulls)),
        orNull(random, nulls, random.nextFloat()),
        orNull(random, nulls, random.nextFloat()));
  }

  private static List<@Nullable Turn> turns(Turn question, Random random, double nulls) {
    Turn answer = new Turn(orNull(random, nulls, "assistant"), orNull(random, nulls, text(random)));
    return Arrays.asList(orNull(random, nulls, question), orNull(random, nulls, answer));
  }

  private static String text(Random random) {
    return "Réd 😀\u0000 \n".repeat(random.nextInt(4)) + random.nextInt(100);
  }

  private static <T> @Nullable T orNull(Random random, double share, @Nullable T value) {
    return random.nextDouble() < share ? null : value;
  }

  /** Where the footer begins. */
  static int footer(byte[] bytes) {
    int trailer = Integer.BYTES + "PAR1".length();
    int length = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN).getInt(bytes.length - trailer);
    return Math.floorMod(bytes.length - trailer - length, bytes.length); // it may be damaged
  }

  private static byte[] damaged(byte[] bytes, int from, Random random) {
    int at = from + random.nextInt(bytes.length - from);
    byte[] damaged = bytes.clone();
    switch (random.nextInt(5)) {
      case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> damaged[at] = (byte) random.nextInt();
      case 2 -> damaged = Arrays.copyOf(bytes, Math.max(at, 12));
      case 3 -> Arrays.fill(damaged, at, Math.min(bytes.length, at + random.nextInt(50)), (byte) 0);
      default -> System.arraycopy(bytes, from, damaged, at, Math.min(at - from, bytes.length - at));
    }
    return damaged;
  }
}
