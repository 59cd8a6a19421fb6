package io.github.tralign.train;

import io.github.tralign.data.Batches;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.Weights;
import io.github.tralign.reference.ReferencePolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The reference without a second copy of the weights.
 *
 * <p>At the start, and at each moment when the policy is copied, policy and reference are the same.
 * From then to the next copy the reference stands still: a window. So the policy itself scores the
 * window's examples when the window opens. Those of the first step need not even that: there the
 * policy's own log-probabilities of that step are the reference's.
 *
 * <p>Scores belong to the window that they were computed in and are forgotten with it.
 */
final class ScoredAhead implements ReferenceScores {

  /** Told how many of the examples to score are scored. */
  interface Progress {
    void scored(long done, long total);
  }

  private final Policy policy;
  private final ReferencePolicy rule;
  private final Batches batches;
  private final long totalSteps;
  private final int microBatchTokens;
  private final Progress progress;

  private final Map<Integer, double[]> window = new HashMap<>(); // row → [completion]
  private long windowEnd; // steps done when the window closes
  private double seconds;

  ScoredAhead(
      Policy policy,
      ReferencePolicy rule,
      Batches batches,
      long totalSteps,
      int microBatchTokens,
      Progress progress) {
    this.policy = policy;
    this.rule = rule;
    this.batches = batches;
    this.totalSteps = totalSteps;
    this.microBatchTokens = microBatchTokens;
    this.progress = progress;
  }

  /** Opens a window where the last one has closed. */
  @Override
  public void beforeStep(long step) {
    if (step < windowEnd) {
      return;
    }
    long start = System.nanoTime();
    window.clear();
    windowEnd = promise(step);
    score(rowsByStep(step + 1, Math.min(windowEnd, totalSteps)));
    seconds += (System.nanoTime() - start) / 1e9;
  }

  /**
   * The rows of some steps, each at the first step that sees it: scored together as they are
   * trained on together, they are packed alike, so that not even the rounding differs.
   */
  private List<int[]> rowsByStep(long from, long to) {
    List<int[]> rowsByStep = new ArrayList<>();
    Set<Integer> known = new HashSet<>();
    for (long s = from; s < to && known.size() < batches.examples(); s++) {
      int[] fresh = Arrays.stream(batches.rowsAt(s)).filter(known::add).toArray();
      if (fresh.length > 0) {
        rowsByStep.add(fresh);
      }
    }
    return rowsByStep;
  }

  private void score(List<int[]> rowsByStep) {
    if (rowsByStep.isEmpty()) {
      return;
    }
    long total = rowsByStep.stream().mapToLong(rows -> rows.length).sum();
    progress.scored(0, total);
    for (int[] rows : rowsByStep) {
      int next = 0;
      for (PreferenceBatch slice : batches.of(rows).microBatches(microBatchTokens)) {
        for (double[] completions : ReferenceScores.sums(policy.score(slice, Weights.POLICY))) {
          window.put(rows[next++], completions);
        }
        progress.scored(window.size(), total);
      }
    }
  }

  @Override
  public double[][] of(PreferenceBatch slice, int[] rows, TokenLogProbs scores) {
    double[][] reference = ReferenceScores.sums(scores);
    for (int i = 0; i < rows.length; i++) {
      reference[i] = window.getOrDefault(rows[i], reference[i]);
    }
    return reference;
  }

  /** The reference has already moved if the window closed; all that is left is to check. */
  @Override
  public void afterStep(long step, double weight) {
    double promised = step == windowEnd ? 1 : 0;
    if (weight != promised) {
      throw new TrainingException(
          String.format(
              "the reference rule %s promised the weight %s after step %d but asks for %s;"
                  + " nextCopyAfter must be empty for a rule that cannot promise",
              rule, promised, step, weight));
    }
  }

  @Override
  public boolean secondCopy() {
    return false;
  }

  @Override
  public double secondsAhead() {
    return seconds;
  }

  private long promise(long step) {
    long next = rule.nextCopyAfter(step).orElse(step);
    if (next <= step) {
      throw new TrainingException(
          String.format(
              "the reference rule %s promised its next copy after step %d to be at step %d;"
                  + " it must lie behind, and be promised for the whole run or not at all",
              rule, step, next));
    }
    return next;
  }
}
