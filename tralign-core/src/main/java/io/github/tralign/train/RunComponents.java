package io.github.tralign.train;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.data.Batches;
import io.github.tralign.loss.AlignmentLoss;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a run is made of apart from its counts: what begins with it, is written into its
 * checkpoints, and is resumed from them.
 *
 * @param settings as this process follows them
 * @param described the settings that checkpoints keep; they hash all tokens, so once a run
 * @param stopping whether the run was asked to stop
 */
record RunComponents(
    TrainerSettings settings,
    Batches batches,
    long totalSteps,
    CheckedReferenceRule rule,
    ReferenceScores reference,
    Probe probe,
    Evaluations evaluations,
    Samples samples,
    GradientAccumulator gradients,
    SkippedSteps skipped,
    Agreement agreement,
    Supplier<RunSettings> described,
    BooleanSupplier stopping) {

  /** The parts of a run that has not begun. */
  static RunComponents of(
      TrainerSettings settings,
      Batches batches,
      long totalSteps,
      Agreement agreement,
      BooleanSupplier stopping) {
    AlignmentLoss loss = settings.loss();
    List<TrainingListener> listeners = settings.listeners();
    CheckedReferenceRule rule =
        new CheckedReferenceRule(settings.reference(), batches.stepsPerEpoch());
    StepExamples examples = StepExamples.of(settings);
    InitialComparison.Progress measuring =
        (done, total) -> listeners.forEach(it -> it.onMeasuring(done, total));
    ReferenceScores reference =
        !loss.usesReference()
            ? new NoReference()
            : needsSecondCopy(settings, rule)
                ? new SecondCopyScores(settings.policy(), new Scoring(loss))
                : new PrecomputedScores(
                    settings,
                    batches,
                    examples,
                    rule,
                    totalSteps,
                    (done, total) -> {
                      listeners.forEach(it -> it.onReferenceScoring(done, total));
                      return !stopping.getAsBoolean();
                    });
    return new RunComponents(
        settings,
        batches,
        totalSteps,
        rule,
        reference,
        new Probe(settings, rule, reference.secondCopy(), measuring),
        new Evaluations(settings, examples, totalSteps, measuring),
        new Samples(settings),
        new GradientAccumulator(settings, examples, reference),
        new SkippedSteps(settings.onNan(), listeners),
        agreement,
        Suppliers.memoize(() -> RunSettings.of(settings, reference.kind(), totalSteps)),
        stopping);
  }

  /**
   * Whether the reference cannot be scored ahead by the policy: the loss needs its weights, the
   * rule makes no promise, or the rows to score are not read before the end.
   */
  private static boolean needsSecondCopy(TrainerSettings settings, CheckedReferenceRule rule) {
    return settings.loss().usesDivergence()
        || !rule.promises()
        || settings.data().isStreamed() && rule.isFixed();
  }

  /** Begins a run with the policy's present weights, or resumes one from its checkpoint. */
  RunState beginOrResume() {
    agreement.requireSameRun(described.get());
    RunState from = beginOrResumeHere();
    agreement.requireSameWeights(from.step());
    return from;
  }

  private RunState beginOrResumeHere() {
    Optional<Checkpoint> resumed = settings.checkpoints().resumed();
    if (resumed.isPresent()) {
      return resume(resumed.get());
    }
    settings.policy().discardGradients(); // of a run that ended within a step
    reference.begin();
    probe.begin();
    evaluations.begin();
    return RunState.start();
  }

  private RunState resume(Checkpoint checkpoint) {
    RunState from = RunState.read(checkpoint);
    boolean anyway = settings.checkpoints().resumeAnyway();
    boolean scoredAhead = from.window().end() > 0;
    ImmutableList<String> changed =
        described
            .get()
            .requireSame(
                RunSettings.before(from, settings.optimizer().plan(), totalSteps),
                scoredAhead,
                anyway);
    if (!changed.isEmpty()) {
      settings.listeners().forEach(it -> it.onChangedSettings(changed));
    }
    settings.listeners().forEach(it -> it.onResume(checkpoint, anyway));
    if (replay(from.step())) {
      if (scoredAhead || !anyway) {
        batches.requireRead(from.stream());
      }
      reference.resume(from);
      probe.resume(from);
      evaluations.resume(from);
      gradients.remember(from.lossMemory());
      skipped.resume(from.skips());
    }
    settings.policy().loadState(checkpoint.path().resolve(CheckpointWriting.POLICY));
    return from;
  }

  /** Reads again what a run on a stream has seen; returns false if it was asked to stop. */
  private boolean replay(long steps) {
    for (long step = 1; settings.data().isStreamed() && step <= steps; step++) {
      batches.at(step);
      batches.forgetBefore(step + 1);
      long done = step;
      settings.listeners().forEach(it -> it.onReplay(done, steps));
      if (stopping.getAsBoolean()) {
        return false;
      }
    }
    return true;
  }

  /** What the run is going to do from a step on. */
  TrainingPlan plan(long stepsDone) {
    return new TrainingPlan(
        batches.examples(),
        batches.stepsPerEpoch(),
        totalSteps,
        stepsDone,
        settings.loss().name(),
        settings.loss().usesReference() ? rule.toString() : "none",
        reference.secondCopy());
  }

  /** Where the run stands. */
  RunState state(StepMetricsCollector record) {
    return new RunState(
        described.get().values(),
        record.counts(this),
        RunState.Metrics.of(record.first()),
        RunState.Metrics.of(record.last()),
        skipped.state(RunState.Metrics.of(record.lastPassed())),
        evaluations.state(),
        gradients.memory(),
        probe.initial(),
        evaluations.initial(),
        reference.window(),
        batches.position());
  }
}
