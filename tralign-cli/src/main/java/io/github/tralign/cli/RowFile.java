package io.github.tralign.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.ColumnNamingStrategy;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;

/**
 * A file of rows that a command writes one by one: JSON lines, or Parquet if its name ends in
 * {@code .parquet}. Components of the record are the fields, or columns, in snake case; null is
 * left out. The rows go to a temporary file that gets its name when all are there, so that a file
 * is complete or as it was before.
 */
final class RowFile<T extends Record> implements AutoCloseable {

  private static final String PARQUET = ".parquet";
  private static final long ROW_GROUP = 32L << 20; // bytes, since a row group is kept in memory

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(JsonInclude.Value.construct(Include.NON_NULL, Include.NON_NULL))
          .build();

  /** How rows are written. */
  private interface Sink<T> extends Closeable {
    void write(T row) throws IOException;
  }

  private final OutputFile.@Nullable Target target; // null: the standard output
  private final @Nullable Path temporary;
  private final Sink<T> rows;

  private RowFile(OutputFile.@Nullable Target target, @Nullable Path temporary, Sink<T> rows) {
    this.target = target;
    this.temporary = temporary;
    this.rows = rows;
  }

  /**
   * Begins to write.
   *
   * @param target the file; null for JSON lines to the standard output
   * @param type of the rows
   */
  static <T extends Record> RowFile<T> open(
      OutputFile.@Nullable Target target, Printer standardOutput, Class<T> type) {
    if (target == null) {
      return new RowFile<>(null, null, lines(standardOutput));
    }
    Path temporary = AtomicFile.sibling(target.path(), "tmp");
    try {
      boolean parquet = target.path().toString().endsWith(PARQUET);
      return new RowFile<>(
          target, temporary, parquet ? parquet(temporary, type) : lines(temporary));
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /** Writes a row. */
  void write(T row) {
    try {
      rows.write(row);
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /** Everything is written: the file gets its name. */
  void complete() {
    try {
      rows.close();
      if (target != null && temporary != null) {
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        target.publish(temporary);
      }
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  @Override
  public void close() {
    if (temporary == null) {
      return; // the standard output stays open
    }
    try {
      rows.close();
      Files.deleteIfExists(temporary); // gone already if it was completed
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  private static <T> Sink<T> parquet(Path file, Class<T> type) throws IOException {
    CarpetWriter<T> writer =
        new CarpetWriter.Builder<>(new LocalOutputFile(file), type)
            .withColumnNamingStrategy(ColumnNamingStrategy.SNAKE_CASE)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP)
            .enablePageWriteChecksum()
            .build();
    return new Sink<>() {
      @Override
      public void write(T row) throws IOException {
        writer.write(row);
      }

      @Override
      public void close() throws IOException {
        writer.close();
      }
    };
  }

  private static <T> Sink<T> lines(Path file) throws IOException {
    OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW));
    return new Sink<>() {
      @Override
      public void write(T row) throws IOException {
        out.write(line(row));
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }

  private static <T> Sink<T> lines(Printer out) {
    return new Sink<>() {
      @Override
      public void write(T row) throws IOException {
        out.write(line(row));
        out.requireSound(); // else all would be computed for nobody
      }

      @Override
      public void close() {
        out.flush();
      }
    };
  }

  private static byte[] line(Object row) throws IOException {
    return (JSON.writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static UncheckedIOException failure(OutputFile.@Nullable Target target, IOException e) {
    return target == null
        ? new UncheckedIOException("the standard output cannot be written: " + Reason.of(e), e)
        : target.failure(e);
  }
}
