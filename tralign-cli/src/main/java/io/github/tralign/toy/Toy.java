package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs the toy problem: for each seed, all methods from the same start. Seeds are independent, so
 * results do not depend on the number of threads.
 */
public final class Toy implements AutoCloseable {

  /** Called after each seed. */
  public interface Progress {
    /** Reports the number of finished seeds. */
    void at(int seedsDone);
  }

  private final ExecutorService pool;

  /**
   * Makes a runner.
   *
   * @param threads number of threads, ≥ 1
   */
  public Toy(int threads) {
    pool = Executors.newFixedThreadPool(threads);
  }

  /** Runs one setting. */
  public ToyReport run(ToySettings settings, Progress progress) {
    List<Future<ImmutableList<RunMeasures>>> futures = new ArrayList<>();
    for (long seed = 1; seed <= settings.seeds(); seed++) {
      futures.add(pool.submit(new SeededRun(settings, seed)::courses));
    }
    ImmutableList.Builder<ImmutableList<RunMeasures>> courses = ImmutableList.builder();
    for (int i = 0; i < futures.size(); i++) {
      courses.add(resultOf(futures.get(i)));
      progress.at(i + 1);
    }
    return new ToyReport(new ToyResult(settings, courses.build()));
  }

  private static <T> T resultOf(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
