package io.github.tralign.djl.distributed;

import io.github.tralign.distributed.ProcessGroupException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The connections of all ranks with one another. Where one fails, the other ranks would wait for it
 * in native code until their time is over; so that is done in a thread of its own, which is left
 * behind if another rank reports a failure.
 */
final class Connecting {

  /** For PyTorch, which has the same timeout and a better message. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private Connecting() {}

  /** The handle of a group of the ranks that have met. */
  static long group(String name, JoinSettings settings, Rendezvous rendezvous) {
    String own = rendezvous.addresses().get(settings.rank()).getHostAddress();
    CompletableFuture<Long> group = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                long handle = join(name, settings, own);
                if (!group.complete(handle)) {
                  Collective.leave(name, handle); // too late
                }
              } catch (IllegalStateException e) {
                group.completeExceptionally(e);
              }
            },
            "joining a process group");
    thread.setDaemon(true);
    thread.start();
    Patience patience = new Patience(settings.timeout().plus(GRACE));
    try {
      while (!group.isDone()) {
        rendezvous.requireNoProblem();
        if (patience.isOver()) { // PyTorch waits without a limit for a store that hangs
          throw new ProcessGroupException(
              String.format(
                  Locale.ROOT,
                  "rank %d could not connect to the other ranks within %s",
                  settings.rank(),
                  Patience.text(settings.timeout())));
        }
        patience.pause();
      }
    } catch (RuntimeException e) {
      group.cancel(false);
      throw e;
    }
    try {
      return group.join();
    } catch (CompletionException e) {
      String problem =
          String.format(
              Locale.ROOT,
              "rank %d at %s cannot connect to the other ranks: %s",
              settings.rank(),
              own,
              GlooFailure.firstLine(e.getCause()));
      rendezvous.report(problem);
      throw new ProcessGroupException(problem, e);
    }
  }

  private static long join(String name, JoinSettings settings, String own) {
    long group =
        Collective.join(
            name,
            settings.host(),
            settings.port(),
            settings.rank(),
            settings.size(),
            own,
            settings.timeout().toMillis());
    settings.nccl().ifPresent(gpu -> addNccl(name, group, gpu, settings));
    return group;
  }

  private static void addNccl(String name, long group, int gpu, JoinSettings settings) {
    try {
      Nccl.add(group, settings.host(), settings.port(), gpu, settings.timeout().toMillis());
    } catch (IllegalStateException e) {
      Collective.leave(name, group);
      throw new IllegalStateException(NcclFailure.text(String.valueOf(e.getMessage())), e);
    }
  }
}
