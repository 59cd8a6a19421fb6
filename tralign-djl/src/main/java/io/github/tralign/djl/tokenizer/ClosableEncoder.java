package io.github.tralign.djl.tokenizer;

import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * An encoder that says so when it is used after it was closed, waits with closing until calls of
 * other threads are done, and may be closed twice: the library would read and free memory that is
 * freed already, which ends the process.
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
    calls.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      return encoder.encode(texts, addSpecialTokens);
    } finally {
      calls.readLock().unlock();
    }
  }

  @Override
  public boolean isNear() {
    return encoder.isNear();
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
