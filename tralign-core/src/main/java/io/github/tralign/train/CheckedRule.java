package io.github.tralign.train;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** Holds a reference rule, which a user may have written, to what {@link ReferencePolicy} asks. */
record CheckedRule(ReferencePolicy rule) implements ReferencePolicy {

  private static final String PREFIX = "reference/";

  @Override
  public double weightAfter(StepMetrics metrics) {
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

  @Override
  public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return required("nextCopyAfter", rule.nextCopyAfter(step, stepsPerEpoch));
  }

  @Override
  public boolean countsEpochs() {
    return rule.countsEpochs();
  }

  @Override
  public Map<String, Double> memoryAfter(StepMetrics metrics, StepMetrics before) {
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
