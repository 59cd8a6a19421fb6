package io.github.tralign.parquet;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.data.source.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a Parquet file, a page at a time. */
final class ParquetReader implements RecordReader {

  private final Path path;
  private final CloseableIterator<Map<?, ?>> rows;
  private long row;

  private ParquetReader(Path path, CloseableIterator<Map<?, ?>> rows) {
    this.path = path;
    this.rows = rows;
  }

  /**
   * Opens a file.
   *
   * @throws InvalidInputException if it is missing, a folder, empty or not Parquet
   */
  static ParquetReader of(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new InvalidInputException(
          path
              + (Files.exists(path) ? ": is no file that can be read anywhere" : ": no such file"));
    }
    try {
      return new ParquetReader(path, open(path));
    } catch (RuntimeException | LinkageError e) {
      throw unreadable(path.toString(), e);
    }
  }

  @SuppressWarnings("unchecked") // a row read as a map is a map of its columns
  private static CloseableIterator<Map<?, ?>> open(Path path) {
    return (CloseableIterator<Map<?, ?>>)
        (CloseableIterator<?>) new CarpetReader<>(path.toFile(), Map.class).iterator();
  }

  @Override
  public @Nullable DataRecord next() {
    row++; // first, so that a failure names the row that could not be read
    String origin = path + ":" + row;
    try {
      return rows.hasNext() ? new DataRecord(JsonValues.object(rows.next()), origin) : null;
    } catch (RuntimeException | LinkageError e) {
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
   * The library tells a damaged file by whatever it stumbles over, and a compression that is not
   * there by the class that it misses.
   */
  private static InvalidInputException unreadable(String origin, Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new InvalidInputException(
        origin + ": not a Parquet file that can be read (" + root + ")", e);
  }
}
