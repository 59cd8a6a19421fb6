package io.github.tralign.frontier;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Throwables;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.util.concurrent.UncheckedExecutionException;
import io.github.tralign.InvalidInputException;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.train.TrainingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/**
 * Runs a grid. Runs are independent of each other and have all their random numbers from their
 * seed, so results do not depend on the number of threads, nor on what was run before.
 */
public final class Frontier {

  /** Called at the beginning, and after each run. */
  public interface Progress {
    /**
     * Reports the number of finished runs.
     *
     * @param total runs that were to be done
     */
    void at(int done, int total);
  }

  /** Seeds whose worlds are in memory. */
  private static final int WORLDS = 2;

  private Frontier() {}

  /**
   * Runs what a file does not have yet, and adds it to the file, run by run.
   *
   * @param file CSV; created if it is not there
   * @param threads runs at a time, ≥ 1
   * @throws IOException if the file cannot be written
   * @throws InvalidInputException if it is not a file of results
   * @throws InvalidSettingException if it has runs in worlds of another size
   * @throws TrainingException if runs diverged; all others are done first
   */
  public static void run(FrontierGrid grid, Path file, int threads, Progress progress)
      throws IOException {
    run(grid, file, threads, progress, seed -> new SeedWorld(seed, grid.size()));
  }

  static void run(
      FrontierGrid grid, Path file, int threads, Progress progress, LongFunction<SeedWorld> made)
      throws IOException {
    ResultFile results = ResultFile.at(file, grid.size());
    List<GridRun> left = grid.runs().stream().filter(run -> !results.has(run)).toList();
    LoadingCache<Long, SeedWorld> worlds =
        CacheBuilder.newBuilder()
            .maximumSize(WORLDS)
            .build(CacheLoader.from(seed -> world(seed, made)));
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    progress.at(0, left.size());
    List<String> diverged = new ArrayList<>();
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (GridRun run : left) {
        futures.add(
            pool.submit(
                () -> {
                  results.add(run, FrontierRun.rows(run, worlds.getUnchecked(run.seed())));
                  return run;
                }));
      }
      for (int i = 0; i < futures.size(); i++) {
        try {
          await(futures.get(i));
        } catch (TrainingException e) {
          diverged.add(String.valueOf(e.getMessage()));
        }
        progress.at(i + 1, left.size());
      }
    } finally {
      pool.shutdownNow();
    }
    results.sort();
    if (!diverged.isEmpty()) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "%d of %d runs diverged and have no rows; the others are in %s. The first: %s",
              diverged.size(),
              left.size(),
              file,
              diverged.get(0)));
    }
  }

  private static SeedWorld world(long seed, LongFunction<SeedWorld> made) {
    try {
      return made.apply(seed);
    } catch (TrainingException e) {
      throw new TrainingException(
          "the fine-tuning of seed " + seed + ", from which its runs start: " + e.getMessage());
    }
  }

  private static void await(Future<?> future) throws IOException {
    try {
      future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = requireNonNull(e.getCause());
      if (cause instanceof UncheckedExecutionException) { // from the making of a world
        cause = requireNonNull(cause.getCause());
      }
      Throwables.throwIfInstanceOf(cause, IOException.class);
      Throwables.throwIfUnchecked(cause);
      throw new IllegalStateException(cause);
    }
  }
}
