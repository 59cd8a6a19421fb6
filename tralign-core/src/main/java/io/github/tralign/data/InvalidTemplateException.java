package io.github.tralign.data;

import io.github.tralign.InvalidInputException;

/** A chat template that rejects a conversation, or is invalid itself. */
public final class InvalidTemplateException extends InvalidInputException {

  private static final long serialVersionUID = 1;

  /** Describes what is wrong, without naming the row. */
  public InvalidTemplateException(String message) {
    super(message);
  }
}
