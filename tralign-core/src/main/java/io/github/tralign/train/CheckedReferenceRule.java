package io.github.tralign.train;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A reference rule, which a user may have written, in one run: whatever it returns is checked
 * against the contract of {@link ReferencePolicy}.
 *
 * @param stepsPerEpoch steps of an epoch of the run
 */
record CheckedReferenceRule(ReferencePolicy rule, long stepsPerEpoch) {

  private static final String PREFIX = "reference/";

  /** The weight of the policy in the update after a step, in [0, 1]. */
  double weightAfter(StepMetrics metrics) {
    double weight = rule.weightAfter(metrics);
    if (!(weight >= 0 && weight <= 1)) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "the reference rule %s asks for the weight %s after step %d; it must lie in [0, 1]",
              rule,
              weight,
              metrics.step()));
    }
    return weight;
  }

  /** The first step after {@code step} with a copy; empty if the rule promises none. */
  OptionalLong nextCopyAfter(long step) {
    return required("nextCopyAfter", rule.nextCopyAfter(step, stepsPerEpoch));
  }

  /** Whether all copies are known beforehand, and nothing else moves the reference. */
  boolean promises() {
    return nextCopyAfter(0).isPresent();
  }

  /** Whether the reference never moves, so that it is the initial policy. */
  boolean isFixed() {
    return nextCopyAfter(0).orElse(0) == ReferencePolicy.NEVER;
  }

  /**
   * The weight after a step that was skipped. It has no valid metrics to ask the rule about, so the
   * reference stays, unless the rule promised a copy.
   */
  double promisedAfter(long step) {
    return nextCopyAfter(step - 1).orElse(0) == step ? 1 : 0;
  }

  /** What the rule remembers after a step, as metrics under new names. */
  Map<String, Double> memoryAfter(StepMetrics metrics, StepMetrics before) {
    Map<String, Double> memory = required("memoryAfter", rule.memoryAfter(metrics, before));
    memory.forEach(
        (name, value) -> {
          if (name == null || value == null || !name.startsWith(PREFIX) || metrics.has(name)) {
            throw new TrainingException(
                String.format(
                    Locale.ROOT,
                    "the reference rule %s remembers %s = %s after step %d; it must be a number"
                        + " under a new name that begins with %s",
                    rule,
                    name,
                    value,
                    metrics.step(),
                    PREFIX));
          }
        });
    return memory;
  }

  private <T> T required(String method, T value) {
    if (Objects.isNull(value)) {
      throw new TrainingException("the reference rule " + rule + " gives null for " + method);
    }
    return value;
  }

  @Override
  public String toString() {
    return rule.toString();
  }
}
