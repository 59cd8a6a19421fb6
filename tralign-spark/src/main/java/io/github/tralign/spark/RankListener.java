package io.github.tralign.spark;

/**
 * What the driver hears of the ranks while they run. The calls come from several threads, one at a
 * time; an exception is logged and changes nothing. Whatever does not reach the driver is in the
 * logs of the executor.
 */
public interface RankListener {

  /**
   * A line that a rank wrote to its standard output or error, cut to 8,192 characters.
   *
   * @param rank from 0
   * @param attempt how often the run was started before, from 0
   */
  void onLine(int rank, int attempt, String line);

  /**
   * A line of the metrics file: a JSON object. After a retry the lines of the whole file come
   * again; {@code step} says which are new.
   */
  default void onMetrics(String json) {}

  /** A rank's process has ended. */
  default void onEnd(int rank, int attempt, int exitCode) {}
}
