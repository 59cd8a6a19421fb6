package io.github.tralign.train;

import java.util.Locale;

/** What to do at a step whose loss or gradient is not finite. */
public enum OnNan {
  /** End the run with an error that names the rows. */
  STOP,

  /**
   * Leave the step out: its gradients are dropped, weights and optimizer stay as they are, the loss
   * remembers nothing of it. It counts as a step, for the schedule and for the order of the data.
   */
  SKIP;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
