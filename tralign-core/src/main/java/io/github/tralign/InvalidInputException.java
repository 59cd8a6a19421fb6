package io.github.tralign;

import org.jspecify.annotations.Nullable;

/**
 * Something that a person gave is wrong: a data file, a model folder, an option.
 *
 * <p>The message is complete for that person: what is wrong, where it is ({@code data.jsonl:7}, a
 * field, an option) and, where it helps, what would be right. It can be shown as it stands, without
 * the stack trace. A mistake of the calling program is an {@link IllegalArgumentException} instead.
 */
public class InvalidInputException extends RuntimeException {

  /** Creates an exception that shows {@code message} to a person. */
  public InvalidInputException(String message) {
    super(message);
  }

  /** Creates an exception that shows {@code message} to a person and keeps its cause for logs. */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
