package io.github.tralign.djl.tokenizer;

import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Makes closing an encoder safe: encoding afterwards throws an exception, closing waits for the
 * calls of other threads, and closing again does nothing. The library itself would access freed
 * memory, which crashes the process.
 */
final class ClosableEncoder implements Encoder {

  private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();
  private final Encoder encoder;
  private boolean closed;

  ClosableEncoder(Encoder encoder) {
    this.encoder = encoder;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if it is closed
   */
  @Override
  public List<int[]> encode(List<String> texts, boolean addSpecialTokens) {
    return call(() -> encoder.encode(texts, addSpecialTokens));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if it is closed
   */
  @Override
  public String decode(int[] tokens) {
    return call(() -> encoder.decode(tokens));
  }

  private <T> T call(Supplier<T> use) {
    calls.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      return use.get();
    } finally {
      calls.readLock().unlock();
    }
  }

  @Override
  public boolean isInProcess() {
    return encoder.isInProcess();
  }

  @Override
  public void close() {
    calls.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        encoder.close();
      }
    } finally {
      calls.writeLock().unlock();
    }
  }
}
