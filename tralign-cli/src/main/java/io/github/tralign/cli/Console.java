package io.github.tralign.cli;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err progress and messages
 */
record Console(Printer out, Printer err) {

  /** Shows something that people should know, and that ends nothing. */
  void warn(String message) {
    err.println("warning: " + Printable.message(message));
  }
}
