package io.github.tralign.policy;

/**
 * What one optimizer step is to do.
 *
 * @param learningRate of this step, ≥ 0
 * @param maxGradNorm the global norm that the gradient is clipped to, &gt; 0; infinite for no
 *     clipping
 * @param adamW the settings that stay the same from step to step
 */
public record OptimizerStep(double learningRate, double maxGradNorm, AdamW adamW) {

  /** Added to the norm before the division, as in {@code torch.nn.utils.clip_grad_norm_}. */
  private static final double TINY = 1e-6;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is outside its range
   */
  public OptimizerStep {
    if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the learning rate must be a number >= 0, not " + learningRate);
    }
    if (!(maxGradNorm > 0)) {
      throw new IllegalArgumentException("the gradient norm must be > 0, not " + maxGradNorm);
    }
  }

  /** The factor that clips a gradient of the given global norm. */
  public double clipFactor(double gradNorm) {
    return Math.min(1, maxGradNorm / (gradNorm + TINY));
  }
}
