package io.github.tralign.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A line when a task begins, and one every few seconds: for logs and pipes. */
final class ProgressLines implements Progress {

  private static final long INTERVAL_NANOS = 3_000_000_000L;

  private final PrintStream err;
  private @Nullable String task;
  private long total;
  private long doneBefore;
  private long start;
  private long shown;
  private @Nullable String pending;

  ProgressLines(PrintStream err) {
    this.err = err;
  }

  @Override
  public void begin(String task, long done, long total) {
    end();
    this.task = task;
    this.total = total;
    doneBefore = done;
    start = System.nanoTime();
    shown = start;
    err.println(task);
  }

  @Override
  public void at(long done, String detail) {
    long now = System.nanoTime();
    String text = "  " + done + (total > 0 ? "/" + total : "") + " " + detail + left(done, now);
    if (now - shown >= INTERVAL_NANOS) {
      err.println(text);
      shown = now;
      pending = null;
    } else {
      pending = text;
    }
  }

  @Override
  public void end() {
    if (task != null && pending != null) {
      err.println(pending);
    }
    task = null;
    pending = null;
  }

  @Override
  public void warn(String message) {
    err.println("warning: " + message);
  }

  private String left(long done, long now) {
    if (total == 0 || done <= doneBefore || done >= total) {
      return "";
    }
    long seconds = Math.round((now - start) / 1e9 / (done - doneBefore) * (total - done));
    return String.format(Locale.ROOT, "  %d:%02d left", seconds / 60, seconds % 60);
  }
}
