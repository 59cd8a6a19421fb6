package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * What a loss says of a batch.
 *
 * @param value the share of these examples in the loss of the whole optimizer batch
 * @param gradient {@code ∂L/∂log π(y|x)} for each example and completion, of that same value
 * @param divergenceGradient {@code ∂L/∂KL} for each example and completion, for losses that depend
 *     on {@link ScoredCompletion#divergence}; else of length 0
 * @param metrics figures of the loss's own to report by name, such as {@code kl}; those of slices
 *     add up, like the value. Training rejects names of its own, such as {@code loss} or {@code
 *     rewards/chosen}
 * @param memory what to carry to the next step; only losses that are not {@link
 *     AlignmentLoss#separable} may carry something
 */
public record LossResult(
    double value,
    double[][] gradient,
    double[][] divergenceGradient,
    ImmutableMap<String, Double> metrics,
    ImmutableMap<String, Double> memory) {

  /** Nothing may be null. */
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

  /** The same with figures to report. */
  public LossResult withMetrics(Map<String, Double> reported) {
    requireNonNull(reported, "reported");
    return new LossResult(
        value, gradient, divergenceGradient, ImmutableMap.copyOf(reported), memory);
  }

  /** The same with something to carry to the next step. */
  public LossResult withMemory(Map<String, Double> carried) {
    requireNonNull(carried, "carried");
    return new LossResult(
        value, gradient, divergenceGradient, metrics, ImmutableMap.copyOf(carried));
  }

  /** This value and gradient plus a number of times another's; metrics and memory are of none. */
  LossResult plus(double weight, LossResult other) {
    return new LossResult(value + weight * other.value, sum(gradient, weight, other.gradient))
        .withDivergence(sum(divergenceGradient, weight, other.divergenceGradient));
  }

  /** Row by row; one of length 0 counts as zeros. */
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
