package io.github.tralign.cli;

import java.io.PrintStream;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** One line for each task, written over and over: a bar with the time left, or a count. */
final class ProgressBars implements Progress {

  private static final long INTERVAL_NANOS = 250_000_000L;
  private static final long RESIZE_NANOS = 2_000_000_000L; // people change a window's width

  private final PrintStream err;
  private final IntSupplier terminal;
  private @Nullable ProgressTask task;
  private long done;
  private double work;
  private String detail = "";
  private long shown;
  private int width; // of what is shown
  private int columns; // 0 before they were asked for
  private long asked;

  /**
   * Shows nothing yet.
   *
   * @param columns of the terminal, now
   */
  ProgressBars(PrintStream err, IntSupplier columns) {
    this.err = err;
    this.terminal = columns;
  }

  @Override
  public void begin(String name, long before, long total) {
    end();
    ProgressTask begun = ProgressTask.begin(name, before, total);
    task = begun;
    done = before;
    work = before;
    detail = "";
    show(begun, System.nanoTime());
  }

  @Override
  public void at(long done, double work, String detail) {
    this.done = done;
    this.work = work;
    this.detail = detail;
    long now = System.nanoTime();
    if (task != null && now - shown >= INTERVAL_NANOS) {
      show(task, now);
    }
  }

  @Override
  public void part(long done, String detail) {
    shown = System.nanoTime() - INTERVAL_NANOS;
    at(done, detail);
  }

  @Override
  public void end() {
    if (task != null) {
      show(task, System.nanoTime());
      err.println();
      width = 0;
      task = null;
    }
  }

  @Override
  public void warn(String message) {
    if (task != null) {
      err.println();
      width = 0;
    }
    err.println("warning: " + Printable.message(message));
  }

  /** Overwrites the whole line but its last column, which would start a new line. */
  private void show(ProgressTask task, long now) {
    if (columns == 0 || now - asked >= RESIZE_NANOS) {
      columns = terminal.getAsInt();
      asked = now;
    }
    String line = task.line(done, work, detail, now, columns - 1);
    int before = Math.min(width, columns - 1);
    err.write('\r');
    err.print(line + " ".repeat(Math.max(0, before - line.length())));
    err.flush();
    width = line.length();
    shown = now;
  }
}
