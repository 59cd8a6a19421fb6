package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.OptionalLong;

/**
 * The hard update with an interval in epochs: {@code π_ref ← π_θ} every n epochs, where n may be a
 * fraction.
 *
 * <p>The n-th copy comes after the step nearest to {@code n·epochs} (of two equally near the later
 * one), so that copies stay aligned with epochs. An interval shorter than a step counts as one
 * step.
 *
 * @param epochs interval between copies in epochs, &gt; 0
 */
public record EpochUpdate(double epochs) implements ReferencePolicy {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code epochs} is not a number &gt; 0
   */
  public EpochUpdate {
    if (!(epochs > 0 && epochs < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "tau, the number of epochs between updates, must be a number > 0, not " + epochs);
    }
  }

  @Override
  public double weightAfter(StepMetrics metrics) {
    long step = metrics.step();
    long stepsPerEpoch = Math.round(step / metrics.get("epoch"));
    return nextCopy(step - 1, stepsPerEpoch) == step ? 1 : 0;
  }

  @Override
  public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return OptionalLong.of(nextCopy(step, stepsPerEpoch));
  }

  @Override
  public boolean countsEpochs() {
    return true;
  }

  private long nextCopy(long step, long stepsPerEpoch) {
    double window = Math.max(1, epochs * stepsPerEpoch); // interval in steps, not rounded
    long n = (long) (step / window); // copy n is not after step, copy n + 2 is
    long next = Math.round((n + 1) * window);
    return next > step ? next : Math.round((n + 2) * window);
  }

  @Override
  public String toString() {
    return "hard:" + epochs + "epoch";
  }
}
