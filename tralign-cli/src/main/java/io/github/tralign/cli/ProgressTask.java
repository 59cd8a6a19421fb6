package io.github.tralign.cli;

import java.util.Locale;

/**
 * A task whose progress is shown.
 *
 * @param name as it is shown
 * @param before units of work that were done before it began
 * @param total units of work, 0 if it is not known
 * @param start when it began, of {@link System#nanoTime}
 */
record ProgressTask(String name, long before, long total, long start) {

  private static final long LEAST_INTERVAL = 3_000_000_000L; // ns
  private static final int LEAST_BAR = 8;
  private static final int MOST_BAR = 40;
  private static final String GAP = "  ";

  static ProgressTask begin(String name, long before, long total) {
    return new ProgressTask(Printable.line(name), before, total, System.nanoTime());
  }

  /**
   * Whether it is time for another line of a log: after some seconds, or a hundredth of the time
   * that the task has taken so far, so that a run of days leaves some hundreds.
   *
   * @param last when the last one was written
   */
  boolean isDue(long last, long now) {
    return now - last >= Math.max(LEAST_INTERVAL, (now - start) / 100);
  }

  /** Such as {@code 12/40}, or {@code 12} where the end is not known. */
  String count(long done) {
    return done + (total > 0 ? "/" + total : "");
  }

  /** Such as {@code 0:21 left} or {@code 3:05:00 left}; empty if it is not known. */
  String left(double done, long now) {
    if (total == 0 || done <= before || done >= total) {
      return "";
    }
    long seconds = Math.round((now - start) / 1e9 / (done - before) * (total - done));
    long hours = seconds / 3600;
    return hours == 0
        ? String.format(Locale.ROOT, "%d:%02d left", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d left", hours, seconds / 60 % 60, seconds % 60);
  }

  /**
   * Its line, no wider than the terminal. The bar takes the room that is left; if that is too
   * little, the bar is left out first, then the last parts of the detail.
   *
   * @param work {@code done} with the parts that are done of other units
   * @param detail parts with two blanks between them
   * @param width columns
   */
  String line(long done, double work, String detail, long now, int width) {
    if (total == 0) {
      return fitted(name + (done > 0 ? ": " + count(done) + " " + detail : ""), width);
    }
    double part = worked(done, work);
    String begin = String.format(Locale.ROOT, "%s %3d%%", name, (int) (100 * part / total));
    String end = " " + text(done, work, detail, now);
    int bar = Math.min(MOST_BAR, width - begin.length() - end.length() - " []".length());
    if (bar >= LEAST_BAR) {
      int full = (int) (bar * part / total);
      return begin + " [" + "=".repeat(full) + " ".repeat(bar - full) + "]" + end;
    }
    int last = detail.lastIndexOf(GAP);
    return begin.length() + end.length() <= width || last < 0
        ? fitted(begin + end, width)
        : line(done, work, detail.substring(0, last), now, width);
  }

  /** Such as {@code 12/40 loss 0.693 684 tok/s 0:21 left}. */
  String text(long done, double work, String detail, long now) {
    String left = left(worked(done, work), now);
    return (count(done) + " " + detail).stripTrailing() + (left.isEmpty() ? "" : GAP + left);
  }

  /** At most all, since some count what they found done; and all, not almost all, at the end. */
  private double worked(long done, double work) {
    return done >= total ? total : Math.min(work, total);
  }

  private static String fitted(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width);
  }
}
