package io.github.tralign.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar for each task, with the time left. */
final class ProgressBars implements Progress {

  private static final int COLUMNS = 100;
  private static final int UPDATE_MILLIS = 250;

  private final PrintStream err;
  private @Nullable ProgressBar bar;

  ProgressBars(PrintStream err) {
    this.err = err;
  }

  @Override
  public void begin(String task, long total) {
    end();
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total > 0 ? total : -1)
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
    }
  }

  @Override
  public void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
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
