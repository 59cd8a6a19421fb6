package io.github.tralign.quickstart;

import java.io.PrintStream;

/**
 * Shows progress: on a terminal in one line that is updated, otherwise in a new line at intervals.
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
   * Makes a console.
   *
   * @param out receives results
   * @param err receives progress
   * @param quiet whether only results are shown
   * @param terminal whether {@code err} is a terminal, where a line can be overwritten
   */
  public QuickstartConsole(PrintStream out, PrintStream err, boolean quiet, boolean terminal) {
    this.out = out;
    this.err = err;
    this.quiet = quiet;
    this.terminal = terminal;
  }

  /** Shows a result. */
  void result(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  /** Shows a permanent line, replacing the progress line. */
  void line(String text) {
    if (!quiet) {
      clear();
      err.println(text);
      err.flush();
      shown = System.nanoTime();
    }
  }

  /** Updates the progress line, unless it was updated very recently. */
  void progress(String text) {
    long now = System.nanoTime();
    if (quiet || now - shown < (terminal ? INTERVAL_NANOS / 15 : INTERVAL_NANOS)) {
      return;
    }
    if (!terminal) {
      line(text);
      return;
    }
    err.write('\r'); // as a byte, since printed text must not contain it
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
