package io.github.tralign.djl.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Ranks that are threads of one process. */
final class Ranks {

  static final Duration LONG = Duration.ofSeconds(60);

  private Ranks() {}

  interface Work<T> {
    T of(GlooProcessGroup group) throws Exception;
  }

  /** What each rank gives: a result, or the exception that ended it. */
  record Outcome<T>(@Nullable T result, @Nullable Throwable failure) {}

  /** Runs some ranks of a new group. */
  static <T> List<Outcome<T>> run(int size, Duration timeout, Work<T> work) throws Exception {
    return run(size, settings -> joined(settings.timeout(timeout), work));
  }

  interface Joining<T> {
    T with(JoinSettings settings) throws Exception;
  }

  /** Runs some ranks that join a new group by themselves. */
  static <T> List<Outcome<T>> run(int size, Joining<T> joining) throws Exception {
    try (MeetingPoint point = MeetingPoint.serve(0)) {
      List<Callable<T>> ranks = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        JoinSettings settings = JoinSettings.of("127.0.0.1", point.port(), rank, size);
        ranks.add(() -> joining.with(settings));
      }
      return together(ranks);
    }
  }

  /** As {@link #run}, for ranks that must not fail. */
  static <T> List<T> results(int size, Work<T> work) throws Exception {
    List<T> results = new ArrayList<>();
    for (Outcome<T> outcome : run(size, LONG, work)) {
      if (outcome.failure() != null) {
        throw new AssertionError(outcome.failure());
      }
      results.add(outcome.result());
    }
    return results;
  }

  static <T> T joined(JoinSettings settings, Work<T> work) throws Exception {
    try (GlooProcessGroup group = GlooProcessGroup.join(settings)) {
      return work.of(group);
    }
  }

  static <T> List<Outcome<T>> together(List<Callable<T>> ranks) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(ranks.size());
    try {
      List<Outcome<T>> outcomes = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(ranks)) {
        try {
          outcomes.add(new Outcome<>(future.get(), null));
        } catch (ExecutionException e) {
          outcomes.add(new Outcome<>(null, e.getCause()));
        }
      }
      return outcomes;
    } finally {
      threads.shutdown();
    }
  }
}
