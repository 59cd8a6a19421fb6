package io.github.tralign.cli;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A computation on its own thread, while the caller does something else. */
final class BackgroundTask<T> implements AutoCloseable {

  private final FutureTask<T> task;
  private final Thread thread;

  private BackgroundTask(FutureTask<T> task, Thread thread) {
    this.task = task;
    this.thread = thread;
  }

  /** Begins. */
  static <T> BackgroundTask<T> begin(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "tralign-" + name);
    thread.setDaemon(true);
    thread.start();
    return new BackgroundTask<>(task, thread);
  }

  /** Waits for the result, never null; rethrows an exception of the computation. */
  T get() {
    try {
      return Objects.requireNonNull(Uninterruptibles.getUninterruptibly(task));
    } catch (ExecutionException e) {
      Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
      throw new IllegalStateException(e);
    }
  }

  /** Interrupts it if nobody has waited for it, and waits for the thread to end. */
  @Override
  public void close() {
    task.cancel(true);
    Uninterruptibles.joinUninterruptibly(thread);
  }
}
