package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.Batch;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import java.util.List;
import java.util.Map;

/**
 * Brings the gradient of a loss on an optimizer batch into the policy, in slices that fit into
 * memory. The gradient is that of the whole batch, whatever the slices.
 */
final class GradientAccumulator {

  private final Policy policy;
  private final AlignmentLoss loss;
  private final Scoring scoring;
  private final StepExamples steps;
  private final ReferenceScores reference;
  private final int microBatchTokens;
  private ImmutableMap<String, Double> memory = ImmutableMap.of();
  private ImmutableMap<String, Double> memoryBefore = ImmutableMap.of(); // the last batch

  GradientAccumulator(TrainerSettings settings, StepExamples steps, ReferenceScores reference) {
    this.policy = settings.policy();
    this.loss = settings.loss();
    this.scoring = new Scoring(loss);
    this.steps = steps;
    this.reference = reference;
    this.microBatchTokens = settings.batches().microBatchTokens();
  }

  /** What the loss carries to the next step. */
  ImmutableMap<String, Double> memory() {
    return memory;
  }

  /** Lets the loss remember what it carried from the steps of a run that is resumed. */
  void remember(Map<String, Double> carried) {
    memory = ImmutableMap.copyOf(carried);
  }

  /** Lets the loss forget what it remembers of the last batch. */
  void forgetLast() {
    memory = memoryBefore;
  }

  /** Adds the gradient of the loss on a step's batch. */
  BatchMetrics accumulate(Batch step) {
    memoryBefore = memory;
    KeyedBatch batch = steps.matched(step);
    ScoredBatch whole = // without the examples, which each slice adds
        ScoredBatch.unscored(batch.batch()).withMismatched(mismatched(step)).withMemory(memory);
    List<KeyedBatch> slices = batch.slices(microBatchTokens);
    BatchMetrics metrics = new BatchMetrics(loss);
    if (loss.separable() || slices.size() == 1) {
      slices.forEach(slice -> forwardAndBack(slice, whole, metrics));
    } else {
      scoreFirst(batch.batch(), slices, whole, metrics);
    }
    return metrics;
  }

  /**
   * Lets the optimizer update the weights, unless the loss is not finite. Where the gradient is
   * not, the optimizer changes nothing by itself.
   *
   * @param measured on the step's batch
   * @return the norm of the gradient
   */
  double apply(OptimizerStep optimizer, BatchMetrics measured) {
    if (!Double.isFinite(measured.loss())) {
      policy.discardGradients();
      return Double.NaN;
    }
    return policy.step(optimizer);
  }

  private void forwardAndBack(KeyedBatch slice, ScoredBatch whole, BatchMetrics metrics) {
    policy.accumulate(
        slice.batch(),
        scoring.statistics(),
        scores -> {
          LossResult result = evaluate(slice.batch(), whole.with(scored(slice, scores)), metrics);
          return scoring.tokenGradient(slice.batch(), scores, result, 0);
        });
  }

  /** For a loss that couples the whole batch: scored without a graph, evaluated once, then back. */
  private void scoreFirst(
      PreferenceBatch batch, List<KeyedBatch> slices, ScoredBatch whole, BatchMetrics metrics) {
    ImmutableList.Builder<ScoredExample> examples = ImmutableList.builder();
    for (KeyedBatch slice : slices) {
      examples.addAll(scored(slice, policy.score(slice.batch(), scoring.statistics())));
    }
    LossResult result = evaluate(batch, whole.with(examples.build()), metrics);
    int first = 0;
    for (KeyedBatch slice : slices) {
      int start = first;
      policy.accumulate(
          slice.batch(),
          scoring.statistics(),
          scores -> scoring.tokenGradient(slice.batch(), scores, result, start));
      first += slice.batch().size();
    }
  }

  private LossResult evaluate(PreferenceBatch rows, ScoredBatch batch, BatchMetrics metrics) {
    LossCall call = new LossCall(loss, rows.examples());
    LossResult result = call.evaluate(batch);
    metrics.add(batch, result);
    call.notFinite(result).ifPresent(metrics::notFinite);
    memory = result.memory();
    return result;
  }

  private ImmutableList<ScoredCompletion> mismatched(Batch step) {
    ImmutableList.Builder<ScoredCompletion> completions = ImmutableList.builder();
    steps
        .mismatched(step)
        .ifPresent(
            batch -> {
              for (KeyedBatch slice : batch.slices(microBatchTokens)) {
                TokenLogProbs scores = policy.score(slice.batch());
                completions.addAll(Scoring.firsts(scored(slice, scores)));
              }
            });
    return completions.build();
  }

  private ImmutableList<ScoredExample> scored(KeyedBatch slice, TokenLogProbs scores) {
    return scoring.examples(slice.batch(), scores, reference.of(slice, scores));
  }
}
