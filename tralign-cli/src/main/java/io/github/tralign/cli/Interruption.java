package io.github.tralign.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Lets Ctrl-C and a request to terminate end a run in order: the process waits until the run has
 * stopped and this is closed. The exit code is then the system's for the signal: 130 or 143.
 */
final class Interruption implements AutoCloseable {

  private final Runnable stop;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupt, "tralign-interruption");

  /**
   * Listens from now on.
   *
   * @param stop asks the run to stop soon
   */
  Interruption(Runnable stop) {
    this.stop = stop;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupt() {
    stop.run();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the process ends now
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and waited for this.
    }
  }
}
