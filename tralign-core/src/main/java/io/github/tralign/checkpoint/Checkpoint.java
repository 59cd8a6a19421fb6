package io.github.tralign.checkpoint;

import java.nio.file.Path;

/**
 * A checkpoint that was found whole.
 *
 * @param path its folder
 * @param step optimizer steps that had been done
 */
public record Checkpoint(Path path, long step) {}
