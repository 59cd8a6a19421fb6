package io.github.tralign.train;

/**
 * Training cannot continue: the loss or the gradient is not finite, all steps were skipped, or a
 * rule or loss broke its contract.
 */
public final class TrainingException extends RuntimeException {

  /** Creates an exception that says at which step and why. */
  public TrainingException(String message) {
    super(message);
  }
}
