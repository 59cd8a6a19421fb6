package io.github.tralign.train;

import io.github.tralign.data.Batches;
import org.jspecify.annotations.Nullable;

/**
 * What a run is made of beside the policy and its count: what begins with it, is written into its
 * checkpoints, and goes on from there.
 *
 * @param probe null where none is needed
 */
record RunParts(
    Batches batches,
    ReferenceScores reference,
    @Nullable InitialProbe probe,
    Evaluations evaluations,
    GradientAccumulator gradients,
    SkippedSteps skipped) {

  /** A run begins: the policy is the initial one. */
  void begin() {
    reference.begin();
    if (probe != null) {
      probe.begin();
    }
    evaluations.begin();
  }

  /** A run goes on. */
  void goOn(RunState from) {
    reference.goOn(from);
    if (probe != null) {
      probe.goOn(from.probe());
    }
    evaluations.goOn(from);
    gradients.remember(from.lossMemory());
    skipped.goOn(from.skips());
  }

  /** Where the run stands. */
  RunState state(RunSettings settings, RunRecord record) {
    return new RunState(
        settings.values(),
        record.counts(this),
        RunState.Figures.of(record.first()),
        RunState.Figures.of(record.last()),
        skipped.state(RunState.Figures.of(record.lastPassed())),
        evaluations.state(),
        gradients.memory(),
        probe == null ? new double[0][] : probe.initial(),
        evaluations.initial(),
        reference.window(),
        batches.position());
  }
}
