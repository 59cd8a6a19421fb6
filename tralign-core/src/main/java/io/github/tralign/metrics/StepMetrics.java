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
 * @param step number of optimizer steps done, this one included; the first is 1, see {@link #start}
 * @param values by name, in the order in which they are written; see {@code docs/metrics.md}
 */
public record StepMetrics(long step, ImmutableMap<String, Double> values) {

  /** Nothing may be null. */
  public StepMetrics {
    requireNonNull(values, "values");
  }

  /** With values of any map, which is copied. */
  public StepMetrics(long step, Map<String, Double> values) {
    this(step, ImmutableMap.copyOf(requireNonNull(values, "values")));
  }

  /** Before the first step: policy and reference are the same, as they are after a copy. */
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

  /** Whether there is a measurement of this name in this step. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * One measurement, such as {@code rewards/margins}.
   *
   * @throws IllegalArgumentException if this step has none of that name
   */
  public double get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "step " + step + " has no metric '" + name + "'; it has " + values.keySet());
    }
    return value;
  }

  /** The same step with more measurements behind those that it has. */
  public StepMetrics with(Map<String, Double> more) {
    requireNonNull(more, "more");
    return new StepMetrics(
        step, ImmutableMap.<String, Double>builder().putAll(values).putAll(more).build());
  }
}
