package io.github.tralign.data.source;

import io.github.tralign.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * The records of a file, one at a time; the file is never loaded into memory as a whole. Not
 * thread-safe.
 */
public interface RecordReader extends AutoCloseable {

  /**
   * The next record in the order of the file, or null after the last one.
   *
   * @throws InvalidRecordException if the next record is invalid; the next call continues after it
   * @throws InvalidInputException if the file cannot be read further
   */
  @Nullable DataRecord next() throws InvalidRecordException;

  /**
   * SHA-256 of the file's bytes as they are stored (compressed, if they are), in hex. May read the
   * file to its end, so it ends reading.
   *
   * @throws InvalidInputException if the file cannot be read
   */
  String sha256();

  @Override
  void close();
}
