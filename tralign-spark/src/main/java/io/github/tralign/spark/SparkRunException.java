package io.github.tralign.spark;

/** A run on a cluster that failed for good, was cancelled, or found its input invalid. */
public final class SparkRunException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int exitCode;

  SparkRunException(String message, int exitCode, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /**
   * The exit code of the process that failed first in the last attempt: 2 if an option or an input
   * is invalid on any rank, 130 if the run was cancelled, 1 if no process ended by itself.
   */
  public int exitCode() {
    return exitCode;
  }
}
