package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.OptionalDouble;

/**
 * A mix every τ steps: {@code π_ref ← α·π_θ + (1 − α)·π_ref} after every τ-th optimizer step.
 *
 * <p>This is neither of the paper's two methods. It is TRL's default ({@code
 * ref_model_mixup_alpha=0.6}, {@code ref_model_sync_steps=512}) and serves for comparison.
 *
 * @param alpha weight of the policy, in (0, 1]
 * @param tau interval between mixes in steps, ≥ 1
 */
public record MixedUpdate(double alpha, long tau) implements ReferencePolicy {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if {@code alpha} or {@code tau} is outside its range
   */
  public MixedUpdate {
    SoftUpdate.requireAlpha(alpha);
    HardUpdate.requireTau(tau);
  }

  @Override
  public double weightAfter(StepMetrics metrics) {
    return metrics.step() % tau == 0 ? alpha : 0;
  }

  /**
   * {@code τ(1 − α)/α + (τ − 1)/2}, the mean once the first weights count no more; at most half the
   * run.
   */
  @Override
  public OptionalDouble meanLag(long steps, long stepsPerEpoch) {
    double afterMix = tau * (1 - alpha) / alpha; // a = (1 − α)(a + τ)
    return OptionalDouble.of(Math.min(afterMix + (tau - 1) / 2.0, steps / 2.0));
  }

  @Override
  public String toString() {
    return "mixed:" + alpha + ":" + tau;
  }
}
