package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * The value of a loss on a batch, with its derivatives.
 *
 * @param value the contribution of these examples to the loss of the whole optimizer batch
 * @param gradient {@code ∂L/∂log π(y|x)} for each example and completion, of the same value
 * @param divergenceGradient {@code ∂L/∂KL} for each example and completion, for losses that use
 *     {@link ScoredCompletion#divergence}; else of length 0
 * @param metrics additional metrics to report by name, such as {@code kl}; the metrics of slices
 *     are added, like the value. Training rejects its own names, such as {@code loss} or {@code
 *     rewards/chosen}
 * @param memory the loss's state for the next step; only losses that are not {@link
 *     AlignmentLoss#separable} may have one
 */
public record LossResult(
    double value,
    double[][] gradient,
    double[][] divergenceGradient,
    ImmutableMap<String, Double> metrics,
    ImmutableMap<String, Double> memory) {

  /** Checks for null. */
  public LossResult {
    requireNonNull(gradient, "gradient");
    requireNonNull(divergenceGradient, "divergenceGradient");
    requireNonNull(metrics, "metrics");
    requireNonNull(memory, "memory");
  }

  /** Value and gradient alone. */
  public LossResult(double value, double[][] gradient) {
    this(value, gradient, new double[0][], ImmutableMap.of(), ImmutableMap.of());
  }

  /** The same with the gradient of the divergence. */
  public LossResult withDivergence(double[][] byDivergence) {
    requireNonNull(byDivergence, "byDivergence");
    return new LossResult(value, gradient, byDivergence, metrics, memory);
  }

  /** The same with metrics to report. */
  public LossResult withMetrics(Map<String, Double> reported) {
    requireNonNull(reported, "reported");
    return new LossResult(
        value, gradient, divergenceGradient, ImmutableMap.copyOf(reported), memory);
  }

  /** The same with a state for the next step. */
  public LossResult withMemory(Map<String, Double> carried) {
    requireNonNull(carried, "carried");
    return new LossResult(
        value, gradient, divergenceGradient, metrics, ImmutableMap.copyOf(carried));
  }

  /**
   * The sum of this value and gradient and another's times a weight; without metrics and memory.
   */
  LossResult plus(double weight, LossResult other) {
    return new LossResult(value + weight * other.value, sum(gradient, weight, other.gradient))
        .withDivergence(sum(divergenceGradient, weight, other.divergenceGradient));
  }

  /** Row by row; an array of length 0 counts as zeros. */
  private static double[][] sum(double[][] a, double weight, double[][] b) {
    int rows = Math.max(a.length, b.length);
    double[][] sum = new double[rows][];
    for (int i = 0; i < rows; i++) {
      sum[i] = a.length == 0 ? new double[b[i].length] : a[i].clone();
      for (int k = 0; k < sum[i].length && b.length > 0; k++) {
        sum[i][k] += weight * b[i][k];
      }
    }
    return sum;
  }
}
