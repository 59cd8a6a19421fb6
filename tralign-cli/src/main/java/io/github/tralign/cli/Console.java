package io.github.tralign.cli;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err progress and messages
 */
record Console(Printer out, Printer err) {

  /** Shows a warning. */
  void warn(String message) {
    err.println("warning: " + Printable.message(message));
  }
}
