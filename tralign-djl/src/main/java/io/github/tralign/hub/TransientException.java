package io.github.tralign.hub;

import java.io.IOException;
import java.time.Duration;

/** A failure that may be over at the next try: a cut connection, a busy server. */
final class TransientException extends IOException {

  private static final long serialVersionUID = 1;

  private final Duration wait;

  TransientException(String message) {
    this(message, Duration.ZERO);
  }

  TransientException(String message, Throwable cause) {
    super(message, cause);
    wait = Duration.ZERO;
  }

  /**
   * A failure of a server that says when to come back.
   *
   * @param wait how long to wait at least
   */
  TransientException(String message, Duration wait) {
    super(message);
    this.wait = wait;
  }

  Duration shortestWait() {
    return wait;
  }
}
