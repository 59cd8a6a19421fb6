package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.Batch;
import io.github.tralign.data.Batches;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Compares the policy with the <em>initial</em> policy on a fixed set of examples. The initial
 * policy scores them once, when the run starts, so that no further copy of its weights is needed.
 */
final class InitialComparison {

  /** Hears how many of the examples are scored. */
  interface Progress {
    /** Some are. */
    void measured(long done, long total);
  }

  private final Policy policy;
  private final AlignmentLoss loss;
  private final Scoring scoring;
  private final Batches batches;
  private final StepExamples examples;
  private final int microBatchTokens;
  private final Progress progress;
  private double[][] initial = {}; // in the order in which examples are scored, [completion]
  private double seconds;

  /**
   * A comparison on one epoch of some batches.
   *
   * @param examples what is scored of a batch
   */
  InitialComparison(
      TrainerSettings settings, Batches batches, StepExamples examples, Progress progress) {
    this.policy = settings.policy();
    this.loss = settings.loss();
    this.scoring = new Scoring(loss);
    this.batches = batches;
    this.examples = examples;
    this.microBatchTokens = settings.batches().microBatchTokens();
    this.progress = progress;
  }

  /**
   * Scores the examples under the policy's present weights, which are those of the initial policy.
   */
  void begin() {
    if (!loss.usesReference()) {
      return;
    }
    long start = System.nanoTime();
    List<double[]> scores = new ArrayList<>();
    long done = 0;
    for (long b = 1; b <= batches.stepsPerEpoch(); b++) {
      Batch batch = batches.at(b);
      examples
          .mismatched(batch)
          .ifPresent(it -> it.slices(microBatchTokens).forEach(slice -> score(slice, scores)));
      for (KeyedBatch slice : examples.matched(batch).slices(microBatchTokens)) {
        score(slice, scores);
        done += slice.batch().size();
        progress.measured(done, batches.examples());
      }
    }
    initial = scores.toArray(double[][]::new);
    seconds += (System.nanoTime() - start) / 1e9;
  }

  private void score(KeyedBatch slice, List<double[]> scores) {
    TokenLogProbs tokens = policy.score(slice.batch());
    scores.addAll(Arrays.asList(scoring.sums(slice.batch(), tokens)));
  }

  /** Takes the scores of the initial policy from a checkpoint. */
  void resume(double[][] scores) {
    initial = scores;
  }

  /** Log-probabilities under the initial policy. */
  double[][] initial() {
    return initial;
  }

  /** Seconds spent so far. */
  double seconds() {
    return seconds;
  }

  /** Compares under the present weights, without the loss. */
  BatchMetrics compare() {
    BatchMetrics metrics = new BatchMetrics(loss);
    Iterator<double[]> reference = Arrays.asList(initial).iterator();
    for (long b = 1; b <= batches.stepsPerEpoch(); b++) {
      metrics.add(scored(examples.matched(batches.at(b)), Set.of(), reference));
    }
    return metrics;
  }

  /**
   * Evaluates the loss under the present weights too. Each batch weighs by its number of examples.
   *
   * @param memory what the loss has carried so far; what it would carry on is dropped
   */
  BatchMetrics evaluate(ImmutableMap<String, Double> memory) {
    long start = System.nanoTime();
    BatchMetrics metrics = new BatchMetrics(loss);
    Iterator<double[]> reference = Arrays.asList(initial).iterator();
    long done = 0;
    for (long b = 1; b <= batches.stepsPerEpoch(); b++) {
      Batch batch = batches.at(b);
      ImmutableList<ScoredCompletion> mismatched =
          examples
              .mismatched(batch)
              .map(it -> Scoring.firsts(scored(it, Set.of(), reference)))
              .orElse(ImmutableList.of());
      ScoredBatch scored =
          ScoredBatch.unscored(batch.examples())
              .withMismatched(mismatched)
              .withMemory(memory)
              .with(scored(examples.matched(batch), scoring.statistics(), reference));
      LossCall call = new LossCall(loss, batch.examples().examples());
      double share = (double) batch.size() / batches.examples();
      metrics.add(scored, call.evaluate(scored), share);
      done += batch.size();
      progress.measured(done, batches.examples());
    }
    seconds += (System.nanoTime() - start) / 1e9;
    return metrics;
  }

  private ImmutableList<ScoredExample> scored(
      KeyedBatch batch, Set<TokenStatistic> statistics, Iterator<double[]> reference) {
    ImmutableList.Builder<ScoredExample> scored = ImmutableList.builder();
    for (KeyedBatch slice : batch.slices(microBatchTokens)) {
      TokenLogProbs tokens = policy.score(slice.batch(), statistics);
      double[][] theirs = new NoReference().of(slice, tokens);
      if (loss.usesReference()) {
        Arrays.setAll(theirs, i -> reference.next());
      }
      scored.addAll(scoring.examples(slice.batch(), tokens, theirs));
    }
    return scored.build();
  }
}
