package io.github.tralign.quickstart;

import java.io.PrintWriter;

/**
 * Tells a person how things are going: on a terminal in one line that changes, elsewhere in a line
 * now and then.
 */
final class Console {

  private static final long INTERVAL_NANOS = 1_500_000_000L;

  private final PrintWriter out;
  private final boolean quiet;
  private final boolean terminal;
  private long shown;
  private int width;

  /**
   * A console.
   *
   * @param quiet whether only results are shown
   * @param terminal whether {@code out} is one, where a line can be written over
   */
  Console(PrintWriter out, boolean quiet, boolean terminal) {
    this.out = out;
    this.quiet = quiet;
    this.terminal = terminal;
  }

  /** Shows a line that stays, in place of one that changes. */
  void line(String text) {
    if (!quiet) {
      result(text);
    }
  }

  /** Shows a line that stays, even where only results are shown. */
  void result(String text) {
    if (width > 0) {
      out.print('\r' + " ".repeat(width) + '\r');
      width = 0;
    }
    out.println(text);
    out.flush();
    shown = System.nanoTime();
  }

  /** Shows how far something has come, if the last line is old enough. */
  void progress(String text) {
    long now = System.nanoTime();
    if (quiet || now - shown < (terminal ? INTERVAL_NANOS / 15 : INTERVAL_NANOS)) {
      return;
    }
    if (!terminal) {
      result(text);
      return;
    }
    out.print('\r' + text + " ".repeat(Math.max(0, width - text.length())));
    out.flush();
    width = Math.max(width, text.length());
    shown = now;
  }
}
