/**
 * Internal, not part of the API: files that are whole or not there, whatever the disk does: {@link
 * io.github.tralign.file.AtomicFile}; and why it does: {@link io.github.tralign.file.Reason}.
 */
@NullMarked
package io.github.tralign.file;

import org.jspecify.annotations.NullMarked;
