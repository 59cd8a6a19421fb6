/**
 * Checkpoints on disk, independent of their contents.
 *
 * <p>{@link io.github.tralign.checkpoint.CheckpointStore} is a folder of them: it writes
 * checkpoints atomically, finds the newest intact one, and deletes old ones. {@code Manifest}
 * detects damage.
 *
 * <p>When a checkpoint of a run is written, and what is in it, is decided by {@code
 * CheckpointWriting} and {@code RunState} in {@code io.github.tralign.train}.
 */
@NullMarked
package io.github.tralign.checkpoint;

import org.jspecify.annotations.NullMarked;
