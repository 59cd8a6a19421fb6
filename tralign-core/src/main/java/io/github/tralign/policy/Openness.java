package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Tracks whether a policy is open. For engines: every call goes through this class, so that using a
 * closed policy is an error, and closing it from another thread waits for running calls.
 */
public final class Openness {

  private final ReentrantLock calls = new ReentrantLock();
  private final String name;
  private volatile boolean closed;

  /** For a policy with a name for messages, such as {@code the policy of pythia-70m}. */
  public Openness(String name) {
    this.name = requireNonNull(name, "name");
  }

  /**
   * Checks that the policy is open.
   *
   * @throws IllegalStateException if it is closed
   */
  public void require() {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
  }

  /**
   * Runs a call during which the policy stays open.
   *
   * @throws IllegalStateException if the policy is closed
   */
  public <T> T call(Supplier<T> use) {
    calls.lock();
    try {
      require();
      return use.get();
    } finally {
      calls.unlock();
    }
  }

  /**
   * The same without a result.
   *
   * @throws IllegalStateException if the policy is closed
   */
  public void run(Runnable use) {
    calls.lock();
    try {
      require();
      use.run();
    } finally {
      calls.unlock();
    }
  }

  /**
   * Closes the policy after calls of other threads have finished; closing it again has no effect.
   *
   * @param release releases its memory
   * @throws IllegalStateException if this thread is in the middle of a call
   */
  public void close(Runnable release) {
    if (calls.isHeldByCurrentThread()) {
      throw new IllegalStateException(name + " cannot be closed in the middle of a call");
    }
    calls.lock();
    try {
      if (!closed) {
        closed = true;
        release.run();
      }
    } finally {
      calls.unlock();
    }
  }
}
