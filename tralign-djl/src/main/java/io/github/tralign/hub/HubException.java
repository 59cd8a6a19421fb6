package io.github.tralign.hub;

import org.jspecify.annotations.Nullable;

/**
 * Something could not be fetched: the network, the hub or the disk failed. The message is complete.
 * What is there of a file is kept, and the next try resumes it.
 */
public final class HubException extends RuntimeException {

  private static final long serialVersionUID = 1;

  HubException(String message) {
    this(message, null);
  }

  HubException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
