/**
 * Programs to begin with, a screen each: what the library does for a program that uses it.
 *
 * <p>{@link io.github.tralign.examples.AlignCheckpoint} is the main job; {@link
 * io.github.tralign.examples.OwnLoss} and {@link io.github.tralign.examples.OwnReferenceRule} put
 * parts of one's own in; {@link io.github.tralign.examples.WatchARun} looks on; {@link
 * io.github.tralign.examples.TabularToy} needs neither model nor data. Their {@code main} methods
 * take a checkpoint's folder and a file of pairs, such as {@code ./tralign quickstart} makes;
 * {@code ./tralign example} lists and runs them.
 */
@NullMarked
package io.github.tralign.examples;

import org.jspecify.annotations.NullMarked;
