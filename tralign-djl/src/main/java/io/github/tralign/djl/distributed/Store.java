package io.github.tralign.djl.distributed;

import java.util.concurrent.Callable;
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

  private long handle; // for the thread only
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread its = new Thread(work, "store of a process group");
            its.setDaemon(true);
            return its;
          });

  private Store() {}

  /**
   * Connects to the store that another process serves.
   *
   * @param limitMillis how long to wait for an answer
   * @throws IllegalStateException if nothing answers as a store
   */
  static Store connect(String host, int port, long limitMillis) {
    Store store = new Store();
    try {
      store.answer(() -> store.handle = Collective.connect(host, port, limitMillis), limitMillis);
      return store;
    } catch (IllegalStateException e) {
      store.close();
      throw e;
    }
  }

  /**
   * Puts a value unless the key has one.
   *
   * @param limitMillis how long to wait for an answer
   * @return the value that the key has now
   * @throws IllegalStateException if the store is closed, has ended, or does not answer
   */
  String put(String key, String value, long limitMillis) {
    return answer(() -> Collective.put(handle, key, value), limitMillis);
  }

  private <T> T answer(Callable<T> call, long limitMillis) {
    try {
      return thread.submit(call).get(limitMillis, TimeUnit.MILLISECONDS);
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
      thread.execute(
          () -> {
            if (handle != 0) {
              Collective.release(handle);
            }
          });
      thread.shutdown();
    }
  }
}
