package io.github.tralign.serve;

import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.GenerationListener;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that generates, for all requests at once. */
final class GenerationThread implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GenerationThread.class);

  private final Generator generator;
  private final BlockingQueue<Work> arrived = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "tralign-generation");
  private volatile boolean closed;

  private record Work(GenerationRequest request, GenerationListener listener) {}

  /** Starts the thread, which alone uses the session from now on. */
  GenerationThread(DecodingSession session) {
    this.generator = new Generator(session);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Adds a request.
   *
   * @param listener is called on the thread; its {@code failed} must not throw an exception
   */
  void add(GenerationRequest request, GenerationListener listener) {
    arrived.add(new Work(request, listener));
    if (closed) {
      failWaiting(); // it may have come too late for the thread
    }
  }

  private void run() {
    try {
      boolean busy = false;
      while (!closed) {
        List<Work> works = new ArrayList<>();
        if (!busy) {
          works.add(arrived.take());
        }
        arrived.drainTo(works);
        works.forEach(this::begin);
        busy = generator.step();
      }
    } catch (InterruptedException e) {
      // It is closed.
    } catch (RuntimeException e) {
      LOG.error("generation has failed; every request is answered with an error from now on", e);
    } finally {
      closed = true;
      generator.close();
      failWaiting();
    }
  }

  private void begin(Work work) {
    try {
      generator.add(work.request(), work.listener());
    } catch (RuntimeException e) {
      work.listener().failed(e);
    }
  }

  private void failWaiting() {
    List<Work> works = new ArrayList<>();
    arrived.drainTo(works);
    works.forEach(it -> it.listener().failed(new IllegalStateException("the server stops")));
  }

  /** Whether requests are computed. */
  boolean isOpen() {
    return !closed;
  }

  /** Stops where it is, and waits for the thread's end. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
