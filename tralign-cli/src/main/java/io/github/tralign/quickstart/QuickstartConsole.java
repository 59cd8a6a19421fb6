package io.github.tralign.quickstart;

import java.io.PrintStream;

/**
 * Tells a person how things are going: on a terminal in one line that changes, elsewhere in a line
 * now and then.
 */
public final class QuickstartConsole {

  private static final long INTERVAL_NANOS = 1_500_000_000L;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean quiet;
  private final boolean terminal;
  private long shown;
  private int width;

  /**
   * A console.
   *
   * @param out for results
   * @param err for progress
   * @param quiet whether only results are shown
   * @param terminal whether {@code err} is one, where a line can be written over
   */
  public QuickstartConsole(PrintStream out, PrintStream err, boolean quiet, boolean terminal) {
    this.out = out;
    this.err = err;
    this.quiet = quiet;
    this.terminal = terminal;
  }

  /** Shows what came out. */
  void result(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  /** Shows a line that stays, in place of one that changes. */
  void line(String text) {
    if (!quiet) {
      clear();
      err.println(text);
      err.flush();
      shown = System.nanoTime();
    }
  }

  /** Shows how far something has come, if the last line is old enough. */
  void progress(String text) {
    long now = System.nanoTime();
    if (quiet || now - shown < (terminal ? INTERVAL_NANOS / 15 : INTERVAL_NANOS)) {
      return;
    }
    if (!terminal) {
      line(text);
      return;
    }
    err.write('\r'); // as a byte: text cannot hold it
    err.print(text + " ".repeat(Math.max(0, width - text.length())));
    err.flush();
    width = Math.max(width, text.length());
    shown = now;
  }

  private void clear() {
    if (width > 0) {
      err.write('\r');
      err.print(" ".repeat(width));
      err.write('\r');
      err.flush();
      width = 0;
    }
  }
}
