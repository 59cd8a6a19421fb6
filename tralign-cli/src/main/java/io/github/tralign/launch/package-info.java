/**
 * A command that several processes run together.
 *
 * <p>{@link io.github.tralign.launch.Processes} is what the process that runs a command knows of
 * the others: it joins their group, and ends with them. On one machine, {@link
 * io.github.tralign.launch.ChildProcesses} starts the others from the command line that {@link
 * io.github.tralign.launch.JavaCommand} finds, each with its {@link
 * io.github.tralign.launch.ChildRole}.
 */
@NullMarked
package io.github.tralign.launch;

import org.jspecify.annotations.NullMarked;
