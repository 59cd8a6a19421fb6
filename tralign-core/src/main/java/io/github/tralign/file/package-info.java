/**
 * Files that are whole or not there, whatever the disk does: {@link
 * io.github.tralign.file.AtomicFile}.
 */
@NullMarked
package io.github.tralign.file;

import org.jspecify.annotations.NullMarked;
