package io.github.tralign.data.source;

import io.github.tralign.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * The records of a file, one at a time; the file is never held in memory. Not safe for use by
 * several threads.
 */
public interface RecordReader extends AutoCloseable {

  /**
   * The next record in the order of the file, or null after the last one.
   *
   * @throws InvalidRecordException if what comes next is no record; the next call goes on behind it
   * @throws InvalidInputException if the file cannot be read on
   */
  @Nullable DataRecord next() throws InvalidRecordException;

  /**
   * SHA-256 of the file's bytes as they are stored (compressed, if they are), in hex. May read the
   * file to its end: no records follow a call.
   *
   * @throws InvalidInputException if the file cannot be read
   */
  String sha256();

  @Override
  void close();
}
