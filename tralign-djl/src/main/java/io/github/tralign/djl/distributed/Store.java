package io.github.tralign.djl.distributed;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Values that processes share by key, each put once. Closed or unreachable, it fails every call.
 *
 * <p>One thread speaks to it, since PyTorch would wait for ever for a process that is there but
 * does not answer. That thread then waits alone.
 */
final class Store implements AutoCloseable {

  private final long handle;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread its = new Thread(work, "store of a process group");
            its.setDaemon(true);
            return its;
          });

  private Store(long handle) {
    this.handle = handle;
  }

  static Store connect(String host, int port, long timeoutMillis) {
    return new Store(Collective.connect(host, port, timeoutMillis));
  }

  /**
   * Puts a value unless the key has one.
   *
   * @param limitMillis how long to wait for an answer
   * @return the value that the key has now
   * @throws IllegalStateException if the store is closed, has ended, or does not answer
   */
  String put(String key, String value, long limitMillis) {
    try {
      return thread
          .submit(() -> Collective.put(handle, key, value))
          .get(limitMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the store is closed", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the store has ended", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the store does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Closes it after the call that is running, for which this does not wait. */
  @Override
  public void close() {
    if (!thread.isShutdown()) {
      thread.execute(() -> Collective.release(handle));
      thread.shutdown();
    }
  }
}
