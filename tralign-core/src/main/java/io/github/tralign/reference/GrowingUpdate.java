package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.OptionalLong;

/**
 * Hard updates at growing intervals: the policy is copied after τ steps, then after another {@code
 * τ·g} steps, then {@code τ·g²}. The reference is updated often while the policy changes fast, and
 * less often later.
 *
 * <p>The n-th copy comes after step {@code τ(1 + g + … + gⁿ⁻¹)}, rounded.
 *
 * @param tau steps to the first copy, ≥ 1
 * @param growth g, the factor between consecutive intervals, &gt; 1
 */
public record GrowingUpdate(long tau, double growth) implements ReferencePolicy {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if {@code tau} or {@code growth} is outside its range
   */
  public GrowingUpdate {
    HardUpdate.requireTau(tau);
    if (!(growth > 1 && growth < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "growth, the factor from one time between updates to the next, must be a number > 1, not "
              + growth);
    }
  }

  @Override
  public double weightAfter(StepMetrics metrics) {
    return nextCopyAfter(metrics.step() - 1) == metrics.step() ? 1 : 0;
  }

  @Override
  public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return OptionalLong.of(nextCopyAfter(step));
  }

  private long nextCopyAfter(long step) {
    double window = tau;
    double end = window;
    while (Math.round(end) <= step) {
      window *= growth;
      end += window;
    }
    return Math.round(end);
  }

  @Override
  public String toString() {
    return "hard:" + tau + ":growth=" + growth;
  }
}
