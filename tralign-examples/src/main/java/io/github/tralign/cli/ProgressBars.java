package io.github.tralign.cli;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar for each task, with the time left; a count where the end is not known. */
final class ProgressBars implements Progress {

  private static final int COLUMNS = 80;
  private static final int UPDATE_MILLIS = 250;

  private final PrintStream err;
  private String task = "";
  private boolean counting;
  private @Nullable ProgressBar bar;

  ProgressBars(PrintStream err) {
    this.err = err;
  }

  @Override
  public void begin(String task, long done, long total) {
    end();
    if (total == 0) {
      this.task = task;
      err.print(task);
      counting = true;
      return;
    }
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .startsFrom(done, Duration.ZERO)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setConsumer(new Line(err))
            .build();
  }

  @Override
  public void at(long done, String detail) {
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(detail);
    } else if (counting) {
      err.print("\r" + task + ": " + done + " " + detail);
      err.flush();
    }
  }

  @Override
  public void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    } else if (counting) {
      err.println();
      counting = false;
    }
  }

  @Override
  public void warn(String message) {
    if (bar != null || counting) {
      err.println();
    }
    err.println("warning: " + message);
  }

  /** One line that is written over and over. */
  private record Line(PrintStream err) implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return Terminal.columns(COLUMNS);
    }

    @Override
    public void accept(String text) {
      err.print("\r" + text);
      err.flush();
    }

    @Override
    public void close() {
      err.println();
    }
  }
}
