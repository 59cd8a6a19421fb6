package io.github.tralign.metrics;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * The measurements of one optimizer step.
 *
 * <p>The loss and everything under {@code logps/}, {@code rewards/} and {@code logratios/} is
 * measured on the step's batch, before the step's update of the weights.
 *
 * @param step number of optimizer steps done, including this one; the first is 1, see {@link
 *     #start}
 * @param values by name, in the order of writing; see {@code docs/metrics.md}. The trainer measures
 *     them in {@code StepMetricsCollector}
 */
public record StepMetrics(long step, ImmutableMap<String, Double> values) {

  /** Checks for null. */
  public StepMetrics {
    requireNonNull(values, "values");
  }

  /** Copies the values. */
  public StepMetrics(long step, Map<String, Double> values) {
    this(step, ImmutableMap.copyOf(requireNonNull(values, "values")));
  }

  /** The state before the first step: policy and reference are equal, as after a copy. */
  public static StepMetrics start() {
    return new StepMetrics(0, ImmutableMap.of("reference/weight", 1.0));
  }

  /** The loss of the step's batch. */
  public double loss() {
    return get("loss");
  }

  /** The global norm of the gradient before clipping. */
  public double gradNorm() {
    return get("grad_norm");
  }

  /** Whether this step has a metric with this name. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * One metric, such as {@code rewards/margins}.
   *
   * @throws IllegalArgumentException if this step has no metric with that name
   */
  public double get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "step " + step + " has no metric '" + name + "'; it has " + values.keySet());
    }
    return value;
  }

  /** The same step with additional metrics. */
  public StepMetrics with(Map<String, Double> more) {
    requireNonNull(more, "more");
    return new StepMetrics(
        step, ImmutableMap.<String, Double>builder().putAll(values).putAll(more).build());
  }
}
