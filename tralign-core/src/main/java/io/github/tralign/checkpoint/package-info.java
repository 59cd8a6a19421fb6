/**
 * Checkpoints on disk, whatever is in them.
 *
 * <p>{@link io.github.tralign.checkpoint.CheckpointStore} is a folder of them: it writes one so
 * that it is whole or not there at all, finds the newest whole one, and takes the old ones away.
 * {@code Manifest} tells whether a checkpoint is whole.
 */
@NullMarked
package io.github.tralign.checkpoint;

import org.jspecify.annotations.NullMarked;
