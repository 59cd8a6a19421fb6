package io.github.tralign.reference;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.metrics.StepMetrics;

/**
 * Updates the reference when the policy has moved far enough from it, instead of after a number of
 * steps: {@code π_ref ← α·π_θ + (1 − α)·π_ref} after a step whose distance {@code d} exceeds a
 * threshold. By default α is 1, a copy; see {@link #alpha(double)}.
 *
 * <p>{@code d} is the absolute value of a metric, by default {@code logratios/reference} (see
 * {@link #metric(String)}): the mean of {@code log π_θ − log π_ref} over the completion tokens of
 * the step's batch. It is measured on that batch before the step's update of the weights, so it is
 * noisy and one step old. {@link #smoothing(double)} makes it a moving average, {@code d ← s·d + (1
 * − s)·|metric|}, which restarts at each update.
 *
 * <p>The rule's state is in the metrics {@code reference/distance}, which is {@code d}, and {@code
 * reference/age}, the number of steps since the last update or the start.
 *
 * @param threshold distance above which the reference is updated, &gt; 0, in the metric's unit
 * @param alpha weight of the policy in an update, in (0, 1]
 * @param smoothing s, in [0, 1); 0 for no smoothing
 * @param minSteps minimum number of steps between two updates, ≥ 1
 * @param metric name of the metric; it must be measured in every step
 */
public record DistanceUpdate(
    double threshold, double alpha, double smoothing, long minSteps, String metric)
    implements ReferencePolicy {

  private static final String DISTANCE = "reference/distance";
  private static final String AGE = "reference/age";
  private static final String WEIGHT = "reference/weight";
  private static final String LOG_RATIO = "logratios/reference";

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range
   */
  public DistanceUpdate {
    requireNonNull(metric, "metric");
    if (!(threshold > 0 && threshold < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the distance above which the reference moves must be a number > 0, not " + threshold);
    }
    SoftUpdate.requireAlpha(alpha);
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "smoothing, the old distance's share in the new one, must lie in [0, 1), not be "
              + smoothing);
    }
    HardUpdate.requireSteps("min-steps, the least number of steps between updates,", minSteps);
  }

  /** A copy after each step whose mean log-ratio per token leaves ±threshold. */
  public DistanceUpdate(double threshold) {
    this(threshold, 1, 0, 1, LOG_RATIO);
  }

  /** The same rule with another weight of the policy in an update. */
  public DistanceUpdate alpha(double weight) {
    return new DistanceUpdate(threshold, weight, smoothing, minSteps, metric);
  }

  /** The same rule with another smoothing factor. */
  public DistanceUpdate smoothing(double share) {
    return new DistanceUpdate(threshold, alpha, share, minSteps, metric);
  }

  /** The same rule with another minimum number of steps between updates. */
  public DistanceUpdate minSteps(long steps) {
    return new DistanceUpdate(threshold, alpha, smoothing, steps, metric);
  }

  /** The same rule with another metric, such as {@code rewards/margins}, as the distance. */
  public DistanceUpdate metric(String name) {
    requireNonNull(name, "name");
    return new DistanceUpdate(threshold, alpha, smoothing, minSteps, name);
  }

  @Override
  public ImmutableMap<String, Double> memoryAfter(StepMetrics metrics, StepMetrics before) {
    double distance = Math.abs(metrics.get(metric));
    boolean justMoved = before.get(WEIGHT) > 0;
    return justMoved
        ? ImmutableMap.of(DISTANCE, distance, AGE, 1.0)
        : ImmutableMap.of(
            DISTANCE, smoothing * before.get(DISTANCE) + (1 - smoothing) * distance,
            AGE, before.get(AGE) + 1);
  }

  @Override
  public double weightAfter(StepMetrics metrics) {
    return metrics.get(DISTANCE) > threshold && metrics.get(AGE) >= minSteps ? alpha : 0;
  }

  @Override
  public String toString() {
    return "distance:"
        + threshold
        + (alpha == 1 ? "" : ":alpha=" + alpha)
        + (smoothing == 0 ? "" : ":smoothing=" + smoothing)
        + (minSteps == 1 ? "" : ":min-steps=" + minSteps)
        + (metric.equals(LOG_RATIO) ? "" : ":metric=" + metric);
  }
}
