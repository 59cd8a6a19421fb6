package io.github.tralign.checkpoint;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * An intact checkpoint.
 *
 * @param path its folder
 * @param step optimizer steps that had been done
 */
public record Checkpoint(Path path, long step) {

  /** Checks for null. */
  public Checkpoint {
    requireNonNull(path, "path");
  }
}
