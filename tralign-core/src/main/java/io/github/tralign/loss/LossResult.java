package io.github.tralign.loss;

import com.google.common.collect.ImmutableMap;

/**
 * What a loss says of a batch.
 *
 * @param value the share of these examples in the loss of the whole optimizer batch
 * @param gradient {@code ∂L/∂log π(y|x)} for each example and completion, of that same value
 * @param divergenceGradient {@code ∂L/∂KL} for each example and completion, for losses that depend
 *     on {@link ScoredCompletion#divergence}; else of length 0
 * @param metrics figures of the loss's own to report by name, such as {@code kl}
 * @param memory what to carry to the next step; only losses that are not {@link
 *     AlignmentLoss#separable} may carry something
 */
public record LossResult(
    double value,
    double[][] gradient,
    double[][] divergenceGradient,
    ImmutableMap<String, Double> metrics,
    ImmutableMap<String, Double> memory) {

  /** Value and gradient alone. */
  public LossResult(double value, double[][] gradient) {
    this(value, gradient, new double[0][], ImmutableMap.of(), ImmutableMap.of());
  }

  /** The same with the gradient of the divergence. */
  public LossResult withDivergence(double[][] byDivergence) {
    return new LossResult(value, gradient, byDivergence, metrics, memory);
  }

  /** The same with figures to report. */
  public LossResult withMetrics(ImmutableMap<String, Double> reported) {
    return new LossResult(value, gradient, divergenceGradient, reported, memory);
  }

  /** The same with something to carry to the next step. */
  public LossResult withMemory(ImmutableMap<String, Double> carried) {
    return new LossResult(value, gradient, divergenceGradient, metrics, carried);
  }
}
