package io.github.tralign.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** A line when a task begins, and one every few seconds, later less often: for logs and pipes. */
final class ProgressLines implements Progress {

  private final PrintStream err;
  private @Nullable ProgressTask task;
  private long shown;
  private @Nullable String pending;

  ProgressLines(PrintStream err) {
    this.err = err;
  }

  @Override
  public void begin(String name, long done, long total) {
    end();
    task = ProgressTask.begin(name, done, total);
    shown = task.start();
    err.println(name);
  }

  @Override
  public void at(long done, double work, String detail) {
    if (task == null) {
      return;
    }
    long now = System.nanoTime();
    String text = "  " + task.text(done, work, detail, now);
    if (task.isDue(shown, now)) {
      err.println(text);
      shown = now;
      pending = null;
    } else {
      pending = text;
    }
  }

  @Override
  public void part(long done, String detail) {
    at(done, detail);
    if (pending != null) {
      err.println(pending);
      shown = System.nanoTime();
      pending = null;
    }
  }

  @Override
  public void end() {
    if (pending != null) {
      err.println(pending);
    }
    task = null;
    pending = null;
  }

  @Override
  public void warn(String message) {
    err.println("warning: " + Printable.message(message));
  }
}
