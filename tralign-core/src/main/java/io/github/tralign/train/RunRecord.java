package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.OptimizerStep;
import java.util.List;
import java.util.Map;

/** Keeps count of a run, puts each step's metrics together, and tells the listeners. */
final class RunRecord {

  private final List<TrainingListener> listeners;
  private final ImmutableList.Builder<StepMetrics> history = ImmutableList.builder();
  private final long runStart = System.nanoTime();
  private StepMetrics last = StepMetrics.start();
  private long stepStart;
  private long examples;
  private long stepExamples;
  private long tokens;

  RunRecord(List<TrainingListener> listeners) {
    this.listeners = listeners;
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

  /** What a reference rule may look at. */
  StepMetrics measured(
      long step,
      double epoch,
      PreferenceBatch batch,
      BatchMetrics measured,
      double gradNorm,
      OptimizerStep optimizer) {
    stepExamples = batch.size();
    examples += stepExamples;
    tokens += batch.packedTokens();
    return new StepMetrics(
        step,
        ImmutableMap.<String, Double>builder()
            .put("epoch", epoch)
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

  void endStep(StepMetrics metrics, double weight, Map<String, Double> initial) {
    double seconds = (System.nanoTime() - stepStart) / 1e9;
    StepMetrics done =
        metrics
            .with(Map.of("reference/weight", weight))
            .with(initial)
            .with(Map.of("pairs_per_second", stepExamples / seconds));
    history.add(done);
    last = done;
    listeners.forEach(listener -> listener.onStep(done));
  }

  TrainingResult end(double secondsAhead) {
    double seconds = (System.nanoTime() - runStart) / 1e9;
    TrainingResult result =
        new TrainingResult(history.build(), examples, tokens, secondsAhead, seconds - secondsAhead);
    listeners.forEach(listener -> listener.onEnd(result));
    return result;
  }
}
