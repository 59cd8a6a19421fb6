package io.github.tralign.train;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.Batches;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.policy.Policy;
import java.util.Map;
import java.util.Optional;

/**
 * Measures how far the policy is from the initial policy. Where the reference never moves it is the
 * initial policy, so each step's batch has been compared with it already; else a few examples are.
 */
final class Probe {

  private final Policy policy;
  private final int every;
  private final boolean secondCopy;
  private final boolean referenceIsInitial;
  private final Optional<InitialComparison> comparison;

  /**
   * The probe of a run.
   *
   * @param secondCopy whether the reference's weights are kept, so that their distance is known
   */
  Probe(
      TrainerSettings settings,
      CheckedReferenceRule rule,
      boolean secondCopy,
      InitialComparison.Progress progress) {
    ProbeSettings probe = settings.probe();
    this.policy = settings.policy();
    this.every = probe.every();
    this.secondCopy = secondCopy;
    this.referenceIsInitial = settings.loss().usesReference() && rule.isFixed();
    this.comparison =
        every == 0 || referenceIsInitial || !settings.loss().usesReference()
            ? Optional.empty()
            : Optional.of(
                new InitialComparison(
                    settings,
                    Batches.inOrder(PreferenceData.of(probe.examples()), probe.examples().size()),
                    StepExamples.MATCHED,
                    progress));
  }

  /** The policy is the initial one. */
  void begin() {
    comparison.ifPresent(InitialComparison::begin);
  }

  /** Takes the scores of the initial policy from a checkpoint. */
  void resume(RunState from) {
    comparison.ifPresent(it -> it.resume(from.probe()));
  }

  /** Log-probabilities of the probe under the initial policy, [example][completion]. */
  double[][] initial() {
    return comparison.map(InitialComparison::initial).orElseGet(() -> new double[0][]);
  }

  /**
   * The metrics against the initial policy after a step, if it is time for them.
   *
   * @param last whether the run ends with this step
   * @param measured on the step's batch
   */
  Map<String, Double> afterStep(long step, boolean last, BatchMetrics measured) {
    if (comparison.isEmpty()) {
      return referenceIsInitial ? named(measured) : ImmutableMap.of();
    }
    if (step % every != 0 && !last) {
      return ImmutableMap.of();
    }
    Map<String, Double> metrics = named(comparison.get().compare());
    return secondCopy
        ? ImmutableMap.<String, Double>builder()
            .putAll(metrics)
            .put("reference/weight_distance", policy.referenceDistance())
            .build()
        : metrics;
  }

  private static Map<String, Double> named(BatchMetrics metrics) {
    ImmutableMap.Builder<String, Double> named = ImmutableMap.builder();
    metrics.againstReference("logratios").forEach((k, v) -> named.put("initial/" + k, v));
    metrics.flips().forEach((k, v) -> named.put("initial/" + k, v));
    return named.build();
  }
}
