package io.github.tralign.train;

import com.google.common.collect.EvictingQueue;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.Batch;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.optimizer.OptimizerStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps count of a run, puts each step's metrics together, and publishes them to listeners. A new
 * metric of a step is added here, one of a batch in {@link BatchMetrics}.
 */
final class StepMetricsCollector {

  private static final int LATEST = 1_000;

  private final ExampleSource data;
  private final long stepsPerEpoch;
  private final List<TrainingListener> listeners;
  private final EvictingQueue<StepMetrics> latest = EvictingQueue.create(LATEST);
  private final long runStart = System.nanoTime();
  private final RunState.Counts before;
  private StepMetrics first;
  private StepMetrics last;
  private StepMetrics lastPassed;
  private long stepStart;
  private long examples;
  private double stepSeconds;
  private long stepExamples;
  private long tokens;

  /** Counts on from where a run stands. */
  StepMetricsCollector(RunComponents parts, RunState from) {
    this.data = parts.settings().data();
    this.stepsPerEpoch = parts.batches().stepsPerEpoch();
    this.listeners = parts.settings().listeners();
    before = from.counts();
    first = from.first().metrics();
    last = from.last().metrics();
    lastPassed = from.skips().passed().metrics();
    examples = before.examples();
    tokens = before.tokens();
  }

  void start(TrainingPlan plan) {
    listeners.forEach(listener -> listener.onStart(plan));
  }

  void startStep() {
    stepStart = System.nanoTime();
  }

  /** Everything of the last step that has ended. */
  StepMetrics last() {
    return last;
  }

  /** The same of the last step that was not skipped. */
  StepMetrics lastPassed() {
    return lastPassed;
  }

  /** What a reference rule may look at. */
  StepMetrics measured(
      Batch step, BatchMetrics measured, double gradNorm, OptimizerStep optimizer) {
    PreferenceBatch batch = step.examples();
    stepExamples = batch.size();
    examples += stepExamples;
    tokens += batch.packedTokens();
    return new StepMetrics(
        step.step(),
        ImmutableMap.<String, Double>builder()
            .putAll(data.epochAfter(step.step(), stepsPerEpoch))
            .put("loss", measured.loss())
            .put("grad_norm", gradNorm)
            .put("learning_rate", optimizer.learningRate())
            .put("num_tokens", (double) tokens)
            .putAll(measured.ofPolicy())
            .putAll(measured.againstReference("logratios/reference"))
            .put("diagnostics/clip_factor", optimizer.clipFactor(gradNorm))
            .put("diagnostics/padding", 1 - ratio(batch.sequenceTokens(), batch.paddedTokens()))
            .put("diagnostics/sharing", 1 - ratio(batch.packedTokens(), batch.sequenceTokens()))
            .build());
  }

  private static double ratio(long part, long whole) {
    return (double) part / whole;
  }

  /** The work of the step is done; what else is measured does not count as its time. */
  void endStep() {
    stepSeconds = (System.nanoTime() - stepStart) / 1e9;
  }

  /**
   * Publishes the metrics of the step that has ended, with what was measured after it.
   *
   * @param passed whether it was not skipped
   */
  void publish(
      StepMetrics metrics,
      boolean passed,
      double weight,
      Map<String, Double> initial,
      Map<String, Double> samples,
      Map<String, Double> evaluation) {
    StepMetrics done =
        metrics
            .with(Map.of("reference/weight", weight))
            .with(initial)
            .with(samples)
            .with(evaluation)
            .with(Map.of("pairs_per_second", stepExamples / stepSeconds));
    latest.add(done);
    first = done.step() == 1 ? done : first;
    last = done;
    lastPassed = passed ? done : lastPassed;
    listeners.forEach(listener -> listener.onStep(done));
    if (!evaluation.isEmpty()) {
      StepMetrics metricsOfEvaluation =
          new StepMetrics(done.step(), ImmutableMap.copyOf(evaluation));
      listeners.forEach(listener -> listener.onEvaluation(metricsOfEvaluation));
    }
  }

  /** The first step that has ended. */
  StepMetrics first() {
    return first;
  }

  /** Where the run stands. */
  RunState.Counts counts(RunComponents parts) {
    double secondsAhead = parts.reference().secondsAhead();
    double evaluating = parts.evaluations().seconds() + parts.samples().seconds();
    double seconds = (System.nanoTime() - runStart) / 1e9;
    return new RunState.Counts(
        last.step(),
        examples,
        tokens,
        before.referenceSeconds() + secondsAhead,
        before.evaluationSeconds() + evaluating,
        before.trainingSeconds() + seconds - secondsAhead - evaluating);
  }

  /**
   * The run has ended.
   *
   * @param early whether evaluations ended it before its last step
   */
  TrainingResult end(boolean completed, boolean early, RunComponents parts) {
    RunState.Counts counts = counts(parts);
    Evaluations evaluations = parts.evaluations();
    TrainingResult result =
        new TrainingResult(
            ImmutableList.copyOf(latest),
            first,
            last,
            completed,
            early ? Optional.of(evaluations.whyExhausted()) : Optional.empty(),
            evaluations.best(),
            parts.skipped().number(),
            examples,
            tokens,
            counts.referenceSeconds(),
            counts.evaluationSeconds(),
            counts.trainingSeconds());
    listeners.forEach(listener -> listener.onEnd(result));
    return result;
  }
}
