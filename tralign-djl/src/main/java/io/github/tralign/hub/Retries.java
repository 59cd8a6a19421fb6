package io.github.tralign.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Repeats what failed for a reason that may be over, as long as there is progress. */
final class Retries {

  private static final int ATTEMPTS = 6; // in a row without progress
  private static final Duration LONGEST = Duration.ofSeconds(8);
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(10);

  private final Sleep sleep;

  Retries(Sleep sleep) {
    this.sleep = sleep;
  }

  /** Waits. */
  interface Sleep {
    void sleep(Duration time) throws InterruptedException;
  }

  /** One try. */
  interface Attempt<T> {
    T run() throws IOException, InterruptedException;
  }

  /**
   * Runs an attempt until it succeeds.
   *
   * @param what names it in messages
   * @param progress a number that rises while attempts get anywhere
   * @throws HubException if six attempts in a row got nowhere, or the server asks to come back in
   *     more than ten minutes
   */
  <T> T run(String what, LongSupplier progress, Attempt<T> attempt) {
    int failed = 0;
    long before = progress.getAsLong();
    while (true) {
      try {
        return attempt.run();
      } catch (TransientException e) {
        long now = progress.getAsLong();
        failed = now > before ? 1 : failed + 1;
        before = now;
        if (failed == ATTEMPTS) {
          throw new HubException(
              what + ": " + e.getMessage() + ", in each of " + ATTEMPTS + " attempts", e);
        }
        if (e.shortestWait().compareTo(LONGEST_ASKED) > 0) {
          throw new HubException(
              what + ": " + e.getMessage() + "; try again in " + seconds(e.shortestWait()), e);
        }
        pause(what, longer(Duration.ofSeconds(1L << (failed - 1)), e.shortestWait()));
      } catch (IOException e) {
        throw new HubException(what + ": " + e.getMessage(), e);
      } catch (InterruptedException e) {
        throw interrupted(what, e);
      }
    }
  }

  private void pause(String what, Duration time) {
    try {
      sleep.sleep(time);
    } catch (InterruptedException e) {
      throw interrupted(what, e);
    }
  }

  static HubException interrupted(String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new HubException(what + ": interrupted", e);
  }

  private static Duration longer(Duration own, Duration asked) {
    Duration bounded = own.compareTo(LONGEST) > 0 ? LONGEST : own;
    return asked.compareTo(bounded) > 0 ? asked : bounded;
  }

  private static String seconds(Duration time) {
    return time.toSeconds() + " s";
  }
}
