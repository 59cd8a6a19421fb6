package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The soft update of arXiv 2404.09656 (TR-X<sup>α</sup>): after <em>every</em> optimizer step
 * {@code π_ref ← α·π_θ + (1 − α)·π_ref}, in parameter space.
 *
 * <p>The reference lags behind the policy by {@code (1 − α)/α} steps ({@link #meanLag}), so margins
 * against it stay small by design; the metrics against the initial policy show progress. In the
 * paper α from 0.5 to 0.6 is best.
 *
 * @param alpha weight of the <em>policy</em>, in (0, 1]; 1 is {@code HardUpdate(1)}
 */
public record SoftUpdate(double alpha) implements ReferencePolicy {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code alpha} is not in (0, 1]
   */
  public SoftUpdate {
    requireAlpha(alpha);
  }

  @Override
  public double weightAfter(StepMetrics metrics) {
    return alpha;
  }

  @Override
  public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return alpha == 1 ? OptionalLong.of(step + 1) : OptionalLong.empty();
  }

  @Override
  public OptionalDouble meanLag(long steps, long stepsPerEpoch) {
    return new MixedUpdate(alpha, 1).meanLag(steps, stepsPerEpoch);
  }

  @Override
  public String toString() {
    return "soft:" + alpha;
  }

  static void requireAlpha(double alpha) {
    if (!(alpha > 0 && alpha <= 1)) {
      throw new IllegalArgumentException(
          "alpha, the policy's weight in an update, must lie in (0, 1], not be " + alpha);
    }
  }
}
