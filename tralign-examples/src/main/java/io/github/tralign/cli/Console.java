package io.github.tralign.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err progress and messages
 */
record Console(PrintStream out, PrintStream err) {}
