package io.github.tralign.distributed;

import io.github.tralign.testkit.InProcessGroup;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Runs a program on all ranks of a group, each in a thread of its own. */
public final class RankThreads {

  private RankThreads() {}

  /** What it gives or throws on each rank; a rank leaves the group at its end, as processes do. */
  public static <T> List<CompletableFuture<T>> outcomes(
      int size, Function<ProcessGroup, T> program) {
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<CompletableFuture<T>> outcomes =
          InProcessGroup.ofSize(size).stream()
              .map(group -> CompletableFuture.supplyAsync(() -> alone(program, group), threads))
              .toList();
      outcomes.forEach(it -> it.handle((value, failure) -> true).join());
      return outcomes;
    } finally {
      threads.shutdown();
    }
  }

  private static <T> T alone(Function<ProcessGroup, T> program, ProcessGroup group) {
    try (group) {
      return program.apply(group);
    }
  }

  /** What it gives on each rank. */
  public static <T> List<T> run(int size, Function<ProcessGroup, T> program) {
    return outcomes(size, program).stream().map(CompletableFuture::join).toList();
  }
}
