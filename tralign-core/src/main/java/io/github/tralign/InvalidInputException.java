package io.github.tralign;

import org.jspecify.annotations.Nullable;

/**
 * Something given by the user is invalid: a data file, a model folder, an option.
 *
 * <p>The message is complete and can be shown to the user without a stack trace: what is wrong,
 * where it is ({@code data.jsonl:7}, a field, an option) and, if helpful, what would be right. A
 * mistake of the calling program is an {@link IllegalArgumentException} instead.
 */
public class InvalidInputException extends RuntimeException {

  /** Creates an exception with a message for the user. */
  public InvalidInputException(String message) {
    super(message);
  }

  /** Creates an exception with a message for the user, and a cause for logs. */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
