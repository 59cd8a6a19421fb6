package io.github.tralign.judge.client;

import org.jspecify.annotations.Nullable;

/**
 * A server does not answer. The message is complete: the address, what happened and what helps. The
 * replies so far are on disk.
 */
public final class JudgeException extends RuntimeException {

  private static final long serialVersionUID = 1;

  JudgeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
