package io.github.tralign.train;

/**
 * Training cannot go on: the loss or the gradient is not finite, no step was anything but skipped,
 * or a rule broke its promise.
 */
public final class TrainingException extends RuntimeException {

  /** Creates an exception that says at which step and why. */
  public TrainingException(String message) {
    super(message);
  }
}
