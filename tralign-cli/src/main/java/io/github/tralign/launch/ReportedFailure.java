package io.github.tralign.launch;

/** A failure that rank 0 shows, so that this process ends without a word. */
public final class ReportedFailure extends RuntimeException {

  private final int exitCode;

  ReportedFailure(Throwable cause, int exitCode) {
    super(cause.getMessage(), cause);
    this.exitCode = exitCode;
  }

  /** The exit code of this process. */
  public int exitCode() {
    return exitCode;
  }
}
