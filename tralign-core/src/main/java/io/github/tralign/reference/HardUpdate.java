package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The hard update of arXiv 2404.09656 (TR-X<sup>τ</sup>): after every τ-th optimizer step {@code
 * π_ref ← π_θ}.
 *
 * @param tau interval between copies in steps, ≥ 1; the paper uses 512 for Pythia
 */
public record HardUpdate(long tau) implements ReferencePolicy {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code tau} is less than 1
   */
  public HardUpdate {
    requireTau(tau);
  }

  /** The same with intervals that grow by a factor &gt; 1. */
  public GrowingUpdate growth(double factor) {
    return new GrowingUpdate(tau, factor);
  }

  @Override
  public double weightAfter(StepMetrics metrics) {
    return metrics.step() % tau == 0 ? 1 : 0;
  }

  @Override
  public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return OptionalLong.of((step / tau + 1) * tau);
  }

  /** {@code (τ − 1)/2}, and half of what is left after the last copy. */
  @Override
  public OptionalDouble meanLag(long steps, long stepsPerEpoch) {
    double left = steps % tau;
    return OptionalDouble.of(((steps - left) * (tau - 1) + left * left) / 2 / steps);
  }

  @Override
  public String toString() {
    return "hard:" + tau;
  }

  static void requireTau(long tau) {
    requireSteps("tau, the number of steps between updates,", tau);
  }

  static void requireSteps(String what, long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, not " + steps);
    }
  }
}
