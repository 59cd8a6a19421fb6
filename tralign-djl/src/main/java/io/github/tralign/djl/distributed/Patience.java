package io.github.tralign.djl.distributed;

import io.github.tralign.distributed.ProcessGroupException;
import java.time.Duration;
import java.util.Locale;

/** How long something is waited for, from its creation on. */
final class Patience {

  private static final int PAUSE_MILLIS = 20;

  private final long start = System.nanoTime();
  private final long millis;

  Patience(Duration duration) {
    millis = duration.toMillis();
  }

  long waited() {
    return (System.nanoTime() - start) / 1_000_000;
  }

  boolean isOver() {
    return waited() >= millis;
  }

  /** What is left, in [1, most] milliseconds. */
  int upTo(int most) {
    return (int) Math.max(1, Math.min(most, millis - waited()));
  }

  /** A short while, after which it is worth looking again. */
  void pause() {
    try {
      Thread.sleep(upTo(PAUSE_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProcessGroupException("interrupted while waiting for the other processes", e);
    }
  }

  /** A duration for people, such as {@code 30 min} or {@code 1.5 s}. */
  static String text(Duration duration) {
    return duration.toSeconds() >= 120 && duration.toSecondsPart() == 0
        ? duration.toMinutes() + " min"
        : String.format(Locale.ROOT, "%s s", duration.toMillis() / 1e3).replace(".0 ", " ");
  }
}
