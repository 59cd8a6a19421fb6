package io.github.tralign.data.source;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import java.nio.file.Path;

/**
 * A kind of data file. Formats beyond those of the core are services: a module that names one in
 * {@code META-INF/services} has it found.
 */
public interface RecordFormat {

  /** How the names of such files end, in small letters and with the dot: {@code .jsonl}. */
  ImmutableList<String> suffixes();

  /** Whether such files may be compressed as a whole, with {@code .gz} or {@code .zst} behind. */
  boolean compressible();

  /**
   * Opens a file.
   *
   * @throws InvalidInputException if it cannot be opened, or is not of this kind
   */
  RecordReader open(Path path);
}
