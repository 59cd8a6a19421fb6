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
import io.github.tralign.policy.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The loss and its figures on examples that are not trained on, against the <em>initial</em>
 * policy, whatever reference the training has: against one that follows the policy the loss stays
 * near that of no progress at all. The initial policy scores the examples once, at the start.
 */
final class Evaluation {

  /** Told how many of the examples are measured. */
  interface Progress {
    /** Some are. */
    void measured(long done, long total);
  }

  private static final String PREFIX = "eval_";

  private final Policy policy;
  private final AlignmentLoss loss;
  private final Scoring scoring;
  private final Batches batches;
  private final StepExamples examples;
  private final int microBatchTokens;
  private final Progress progress;
  private double[][] initial = {}; // in the order in which examples are scored, [completion]
  private double seconds;

  Evaluation(
      Policy policy,
      AlignmentLoss loss,
      Batches batches,
      StepExamples examples,
      int microBatchTokens,
      Progress progress) {
    this.progress = progress;
    this.policy = policy;
    this.loss = loss;
    this.scoring = new Scoring(loss);
    this.batches = batches;
    this.examples = examples;
    this.microBatchTokens = microBatchTokens;
  }

  /** Scores the examples under the policy's present weights: those of the initial policy. */
  void begin() {
    if (!loss.usesReference()) {
      return;
    }
    long start = System.nanoTime();
    List<double[]> scores = new ArrayList<>();
    for (long b = 1; b <= batches.stepsPerEpoch(); b++) {
      Batch batch = batches.at(b);
      examples.mismatched(batch).ifPresent(it -> score(it, scores));
      score(examples.matched(batch), scores);
      tell(b);
    }
    initial = scores.toArray(double[][]::new);
    seconds += (System.nanoTime() - start) / 1e9;
  }

  private void tell(long batch) {
    long done = batch * batches.examples() / batches.stepsPerEpoch();
    progress.measured(done, batches.examples());
  }

  private void score(KeyedBatch batch, List<double[]> scores) {
    for (KeyedBatch slice : batch.slices(microBatchTokens)) {
      TokenLogProbs tokens = policy.score(slice.batch(), Weights.POLICY);
      scores.addAll(Arrays.asList(scoring.sums(slice.batch(), tokens)));
    }
  }

  /** Goes on with what the initial policy's scores were. */
  void goOn(double[][] scores) {
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

  /**
   * The figures under the present weights. Batches are as large as those of the training, for the
   * losses that couple them, and weigh by their examples.
   *
   * @param memory what the loss has carried so far; what it would carry on is dropped
   */
  Map<String, Double> measure(ImmutableMap<String, Double> memory) {
    long start = System.nanoTime();
    BatchMetrics metrics = new BatchMetrics(loss);
    Iterator<double[]> reference = Arrays.asList(initial).iterator();
    for (long b = 1; b <= batches.stepsPerEpoch(); b++) {
      Batch step = batches.at(b);
      ImmutableList<ScoredCompletion> mismatched =
          examples
              .mismatched(step)
              .map(it -> Scoring.firsts(scored(it, Set.of(), reference)))
              .orElse(ImmutableList.of());
      KeyedBatch batch = examples.matched(step);
      ScoredBatch scored =
          ScoredBatch.unscored(batch.batch())
              .withMismatched(mismatched)
              .withMemory(memory)
              .with(scored(batch, scoring.statistics(), reference));
      double share = (double) batch.batch().size() / batches.examples();
      LossCall call = new LossCall(loss, batch.batch().examples());
      metrics.add(scored, call.evaluate(scored), share);
      tell(b);
    }
    seconds += (System.nanoTime() - start) / 1e9;
    return named(metrics);
  }

  private ImmutableList<ScoredExample> scored(
      KeyedBatch batch, Set<TokenStatistic> statistics, Iterator<double[]> reference) {
    ImmutableList.Builder<ScoredExample> scored = ImmutableList.builder();
    for (KeyedBatch slice : batch.slices(microBatchTokens)) {
      TokenLogProbs tokens = policy.score(slice.batch(), Weights.POLICY, statistics);
      double[][] theirs = new NoReference().of(slice, tokens);
      if (loss.usesReference()) {
        Arrays.setAll(theirs, i -> reference.next());
      }
      scored.addAll(scoring.examples(slice.batch(), tokens, theirs));
    }
    return scored.build();
  }

  private static Map<String, Double> named(BatchMetrics metrics) {
    ImmutableMap.Builder<String, Double> named = ImmutableMap.builder();
    named.put(PREFIX + "loss", metrics.loss());
    metrics.ofPolicy().forEach((name, value) -> named.put(PREFIX + name, value));
    metrics
        .againstReference("logratios/initial")
        .forEach((name, value) -> named.put(PREFIX + name, value));
    return named.build();
  }
}
