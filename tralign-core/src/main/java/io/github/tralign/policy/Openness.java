package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Whether a policy may still be used. For engines: every call goes through here, so that a closed
 * policy says so, and one that another thread closes is closed between two calls, never amid one.
 */
public final class Openness {

  private final ReentrantLock calls = new ReentrantLock();
  private final String name;
  private volatile boolean closed;

  /** Of a policy that errors call by this name, such as {@code the policy of pythia-70m}. */
  public Openness(String name) {
    this.name = requireNonNull(name, "name");
  }

  /**
   * Makes sure that the policy is open.
   *
   * @throws IllegalStateException if it is closed
   */
  public void require() {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
  }

  /**
   * Does something with the policy, which is open until it is done.
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
   * Closes the policy when calls of other threads are done; a second time does nothing.
   *
   * @param release gives its memory back
   * @throws IllegalStateException if the policy is in the middle of a call of this thread
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
