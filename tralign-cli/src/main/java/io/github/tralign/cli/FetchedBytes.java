package io.github.tralign.cli;

import io.github.tralign.hub.FetchProgress;

/** Shows a download in megabytes. */
final class FetchedBytes implements FetchProgress {

  private static final double MEGABYTE = 1e6;

  private final Progress progress;
  private final String task;
  private boolean begun;

  FetchedBytes(Progress progress, String task) {
    this.progress = progress;
    this.task = task + " (MB)";
  }

  @Override
  public void at(String file, long done, long total) {
    if (!begun) {
      progress.begin(task, (long) (done / MEGABYTE), (long) Math.ceil(total / MEGABYTE));
      begun = true;
    }
    long whole = (long) (done == total ? Math.ceil(done / MEGABYTE) : done / MEGABYTE);
    progress.at(whole, done / MEGABYTE, Printable.line(file));
  }
}
