package io.github.tralign.cli;

import java.io.OutputStream;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err progress and messages
 */
record Console(Printer out, Printer err) {

  /** One that nobody reads. */
  static Console silent() {
    return new Console(
        Printer.on(OutputStream.nullOutputStream()), Printer.on(OutputStream.nullOutputStream()));
  }

  /** Shows a warning. */
  void warn(String message) {
    err.println("warning: " + Printable.message(message));
  }
}
