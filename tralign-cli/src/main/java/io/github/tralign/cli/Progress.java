package io.github.tralign.cli;

import java.io.PrintStream;

/** Shows progress. One task at a time; beginning one ends the one before. */
interface Progress extends AutoCloseable {

  /**
   * A task begins.
   *
   * @param total units of work, 0 if it is not known
   */
  default void begin(String task, long total) {
    begin(task, 0, total);
  }

  /**
   * A task begins, part of which is already done.
   *
   * @param done units of work done before, which took none of the time
   * @param total units of work, 0 if it is not known
   */
  void begin(String task, long done, long total);

  /** Reports how much of the task is done. */
  default void at(long done, String detail) {
    at(done, done, detail);
  }

  /**
   * Reports how much of the task is done, and of units that are not.
   *
   * @param work {@code done} with the parts that are done of other units, for the time left
   */
  void at(long done, double work, String detail);

  /** Reports a long part of the task, which is shown at once. */
  void part(long done, String detail);

  /** The task is done. */
  void end();

  /** Something went wrong that does not end the task. */
  void warn(String message);

  @Override
  default void close() {
    end();
  }

  /** A bar on a terminal, lines elsewhere, nothing if quiet. */
  static Progress on(PrintStream err, boolean quiet) {
    if (quiet) {
      return new Silence();
    }
    return Terminal.isStandardError()
        ? new ProgressBars(err, Terminal::columns)
        : new ProgressLines(err);
  }

  /** Shows nothing. */
  final class Silence implements Progress {
    @Override
    public void begin(String task, long done, long total) {}

    @Override
    public void at(long done, double work, String detail) {}

    @Override
    public void part(long done, String detail) {}

    @Override
    public void end() {}

    @Override
    public void warn(String message) {}
  }
}
