/**
 * Internal, not part of the API: files and folders that appear only when they are complete, also
 * after failures of the disk ({@link io.github.tralign.file.AtomicFile}), and explanations of such
 * failures ({@link io.github.tralign.file.Reason}).
 */
@NullMarked
package io.github.tralign.file;

import org.jspecify.annotations.NullMarked;
