package io.github.tralign;

/**
 * A row of the data is invalid. The message names its file and line. {@code
 * PreferenceReader.skipInvalid(true)} skips and counts such rows instead.
 */
public final class InvalidDataException extends InvalidInputException {

  /** Creates an exception with a message for the user. */
  public InvalidDataException(String message) {
    super(message);
  }
}
