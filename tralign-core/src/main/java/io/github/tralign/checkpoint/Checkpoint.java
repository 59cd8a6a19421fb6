package io.github.tralign.checkpoint;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A checkpoint that was found whole.
 *
 * @param path its folder
 * @param step optimizer steps that had been done
 */
public record Checkpoint(Path path, long step) {

  /** The path may not be null. */
  public Checkpoint {
    requireNonNull(path, "path");
  }
}
