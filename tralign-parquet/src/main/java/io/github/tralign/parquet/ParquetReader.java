package io.github.tralign.parquet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.data.source.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a Parquet file, page by page. */
final class ParquetReader implements RecordReader {

  /** Exceptions whose messages differ between compiled and interpreted code. */
  private static final ImmutableList<Class<? extends RuntimeException>> WITHOUT_STABLE_MESSAGE =
      ImmutableList.of(
          IndexOutOfBoundsException.class,
          NullPointerException.class,
          ClassCastException.class,
          ArithmeticException.class,
          ArrayStoreException.class);

  private final Path path;
  private final org.apache.parquet.hadoop.ParquetReader<ObjectNode> rows;
  private final @Nullable ObjectNode first;
  private long row;

  private ParquetReader(
      Path path,
      org.apache.parquet.hadoop.ParquetReader<ObjectNode> rows,
      @Nullable ObjectNode first) {
    this.path = path;
    this.rows = rows;
    this.first = first;
  }

  /**
   * Opens a file and reads its first row, since the library checks nothing before that.
   *
   * @throws InvalidInputException if it is missing, a folder, empty or not a valid Parquet file
   */
  static ParquetReader of(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new InvalidInputException(
          path + (Files.exists(path) ? ": is not a regular file" : ": no such file"));
    }
    try {
      org.apache.parquet.hadoop.ParquetReader<ObjectNode> rows =
          new RowBuilder(new LocalInputFile(path))
              .withCodecFactory(new PageCodecs())
              .usePageChecksumVerification()
              .build();
      return new ParquetReader(path, rows, first(rows));
    } catch (IOException
        | RuntimeException
        | LinkageError
        | OutOfMemoryError
        | StackOverflowError e) {
      throw unreadable(path.toString(), e);
    }
  }

  private static @Nullable ObjectNode first(
      org.apache.parquet.hadoop.ParquetReader<ObjectNode> rows) throws IOException {
    try {
      return rows.read();
    } catch (IOException
        | RuntimeException
        | LinkageError
        | OutOfMemoryError
        | StackOverflowError e) {
      rows.close(); // the caller never gets it
      throw e;
    }
  }

  @Override
  public @Nullable DataRecord next() {
    row++; // before reading, so that an error names the row that cannot be read
    String origin = path + ":" + row;
    try {
      ObjectNode fields = row == 1 ? first : rows.read();
      return fields == null ? null : new DataRecord(fields, origin);
    } catch (IOException
        | RuntimeException
        | LinkageError
        | OutOfMemoryError
        | StackOverflowError e) {
      throw unreadable(origin, e);
    }
  }

  @Override
  public String sha256() {
    try {
      return MoreFiles.asByteSource(path).hash(Hashing.sha256()).toString();
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  @Override
  public void close() {
    try {
      rows.close();
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  /**
   * The error for a file that cannot be read. The library reports a damaged file by arbitrary
   * exceptions, and a wrong page size by running out of memory.
   */
  static InvalidInputException unreadable(String origin, Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return new InvalidInputException(
          origin
              + ": a page needs more memory than Java may use: it is damaged, or Java's limit must be"
              + " raised with -Xmx",
          e);
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new InvalidInputException(
        origin + ": cannot be read as Parquet (" + reason(root) + ")", e);
  }

  /** The same reason every time, regardless of which files were read before. */
  private static String reason(Throwable root) {
    if (root instanceof PageCodecs.UnsupportedCodecException) {
      return String.valueOf(root.getMessage());
    }
    return WITHOUT_STABLE_MESSAGE.stream().anyMatch(kind -> kind.isInstance(root))
        ? root.getClass().getName()
        : root.toString().replaceAll("@\\p{XDigit}+", ""); // without object addresses
  }
}
