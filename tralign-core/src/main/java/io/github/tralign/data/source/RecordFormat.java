package io.github.tralign.data.source;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import java.nio.file.Path;

/**
 * A format of data files. Further formats are found as services, named in {@code
 * META-INF/services}.
 */
public interface RecordFormat {

  /** The suffixes of such files, in lower case with the dot: {@code .jsonl}. */
  ImmutableList<String> suffixes();

  /**
   * Whether such files may be compressed as a whole, with {@code .gz} or {@code .zst} appended to
   * the name.
   */
  boolean compressible();

  /**
   * Opens a file.
   *
   * @throws InvalidInputException if it cannot be opened, or does not have this format
   */
  RecordReader open(Path path);
}
