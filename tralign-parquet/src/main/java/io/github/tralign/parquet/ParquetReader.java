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

/** The rows of a Parquet file, a page at a time. */
final class ParquetReader implements RecordReader {

  /** Compiled code throws these with another message than interpreted code, or with none. */
  private static final ImmutableList<Class<? extends RuntimeException>> WORDED_BY_THE_COMPILER =
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
   * Opens a file and reads its first row: the library looks at nothing before.
   *
   * @throws InvalidInputException if it is missing, a folder, empty or not Parquet
   */
  static ParquetReader of(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new InvalidInputException(
          path + (Files.exists(path) ? ": is no regular file" : ": no such file"));
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
      rows.close(); // nobody else gets to see it
      throw e;
    }
  }

  @Override
  public @Nullable DataRecord next() {
    row++; // first, so that a failure names the row that could not be read
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
   * The library tells a damaged file by whatever it stumbles over, a compression that is not there
   * by the class that it misses, and a page's size by taking the memory that its header asks for.
   */
  static InvalidInputException unreadable(String origin, Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return new InvalidInputException(
          origin
              + ": a page needs more memory than Java may take: it is damaged, or Java must be given"
              + " more by -Xmx",
          e);
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new InvalidInputException(
        origin + ": not a Parquet file that can be read (" + reason(root) + ")", e);
  }

  /** The same however often and in whatever order files are read. */
  private static String reason(Throwable root) {
    if (root instanceof ClassNotFoundException) {
      String codec = String.valueOf(root.getMessage()).replaceFirst("^.*\\.", "");
      return codec + " is not there to read its pages; write it with snappy, gzip or zstd";
    }
    return WORDED_BY_THE_COMPILER.stream().anyMatch(kind -> kind.isInstance(root))
        ? root.getClass().getName()
        : root.toString().replaceAll("@\\p{XDigit}+", ""); // no addresses of objects
  }
}
