/**
 * The command line.
 *
 * <p>{@link io.github.tralign.cli.Main} starts it; there is a class for each command ({@link
 * io.github.tralign.cli.TrainCommand}, {@link io.github.tralign.cli.LogpsCommand}) and one for each
 * group of options ({@link io.github.tralign.cli.DataOptions} and its like), which turn words into
 * the library's objects. {@link io.github.tralign.cli.LossKind} and {@link
 * io.github.tralign.cli.ReferenceConverter} are the tables of names. {@link
 * io.github.tralign.cli.RunFolder} is what a run leaves behind, {@link
 * io.github.tralign.cli.Progress} what a person sees meanwhile. Whatever a person got wrong ends up
 * in {@link io.github.tralign.cli.Failures} as one message and the exit code 2.
 */
@NullMarked
package io.github.tralign.cli;

import org.jspecify.annotations.NullMarked;
