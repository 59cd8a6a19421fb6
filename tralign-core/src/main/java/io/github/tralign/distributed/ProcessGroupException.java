package io.github.tralign.distributed;

import org.jspecify.annotations.Nullable;

/**
 * The processes of a group cannot continue together: one has ended or failed, does not answer, or
 * differs from the others. The message names it where that is known.
 */
public final class ProcessGroupException extends RuntimeException {

  /** Creates an exception that says which rank is meant, and why. */
  public ProcessGroupException(String message) {
    super(message);
  }

  /** Creates an exception that says which rank is meant, with its cause. */
  public ProcessGroupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
