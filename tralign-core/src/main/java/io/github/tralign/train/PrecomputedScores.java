package io.github.tralign.train;

import io.github.tralign.InvalidInputException;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.data.Batch;
import io.github.tralign.data.Batches;
import io.github.tralign.loss.TokenWeights;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.reference.FixedReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
final class PrecomputedScores implements ReferenceScores {

  /** Hears how many of the examples to score are scored. */
  interface Progress {
    /**
     * Some are scored.
     *
     * @return whether to continue
     */
    boolean scored(long done, long total);
  }

  private final Policy policy;
  private final Scoring scoring;
  private final CheckedReferenceRule rule;
  private final Batches batches;
  private final StepExamples examples;
  private final long totalSteps;
  private final int microBatchTokens;
  private final Optional<CacheFolder> cache;
  private final Progress progress;

  private final Map<Long, double[]> window = new HashMap<>(); // key → [completion]
  private long windowEnd; // steps done when the window closes
  private double seconds;

  /**
   * Nothing is scored yet.
   *
   * @param examples what the loss scores of a batch
   */
  PrecomputedScores(
      TrainerSettings settings,
      Batches batches,
      StepExamples examples,
      CheckedReferenceRule rule,
      long totalSteps,
      Progress progress) {
    this.policy = settings.policy();
    this.scoring = new Scoring(settings.loss());
    this.rule = rule;
    this.batches = batches;
    this.examples = examples;
    this.totalSteps = totalSteps;
    this.microBatchTokens = settings.batches().microBatchTokens();
    this.cache = settings.cache().filter(it -> isCacheable(settings));
    this.progress = progress;
  }

  /** The cache is for a reference that never moves, and whose tokens all count the same. */
  private static boolean isCacheable(TrainerSettings settings) {
    return settings.reference() instanceof FixedReference
        && settings.loss().tokenWeights() == TokenWeights.ONE;
  }

  /** Opens a window where the last one has closed. */
  @Override
  public void beforeStep(Batch batch) {
    if (batch.step() <= windowEnd) {
      return;
    }
    long start = System.nanoTime();
    window.clear();
    long done = batch.step() - 1;
    long end = promise(done);
    boolean complete = score(unscored(batch.step() + 1, end, new HashSet<>()));
    windowEnd = complete ? end : done;
    seconds += (System.nanoTime() - start) / 1e9;
  }

  /** The window that the run was in; it is the run's only if it has all that is needed. */
  @Override
  public void resume(RunState from) {
    windowEnd = from.window().end();
    for (int i = 0; i < from.window().keys().length; i++) {
      window.put(from.window().keys()[i], from.window().scores()[i]);
    }
    Set<Long> known = new HashSet<>(window.keySet());
    for (KeyedBatch missing : unscored(from.step() + 1, windowEnd, known)) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "the run cannot be resumed with more steps: %s was not scored under the reference,"
                  + " whose weights are no part of the checkpoint",
              missing.batch().examples().get(0).origin()));
    }
  }

  @Override
  public RunState.Window window() {
    long[] keys = window.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    double[][] scores = new double[keys.length][];
    Arrays.setAll(scores, i -> window.getOrDefault(keys[i], new double[0]));
    return new RunState.Window(windowEnd, keys, scores);
  }

  @Override
  public String kind() {
    return "ahead";
  }

  /**
   * The examples of some steps of the run, each at the first step that sees it: scored together as
   * they are trained on together, they are packed alike, so that not even the rounding differs.
   *
   * @param first of the steps
   * @param last of the steps, unless the run ends before
   */
  private List<KeyedBatch> unscored(long first, long last, Set<Long> known) {
    List<KeyedBatch> unscored = new ArrayList<>();
    for (long s = first; s <= Math.min(last, totalSteps) && !complete(known); s++) {
      Batch batch = batches.at(s);
      examples.matched(batch).without(known).ifPresent(unscored::add);
      examples.mismatched(batch).flatMap(it -> it.without(known)).ifPresent(unscored::add);
    }
    return unscored;
  }

  /** Whether later steps hold nothing new; of mismatched examples that is never known. */
  private boolean complete(Set<Long> known) {
    return !examples.usesMismatched() && known.size() == batches.examples();
  }

  /** Gives whether all were scored. */
  private boolean score(List<KeyedBatch> unscored) {
    if (unscored.isEmpty()) {
      return true;
    }
    Optional<ReferenceStore> store =
        window.isEmpty() // and not in part from a checkpoint
            ? cache.flatMap(it -> ReferenceStore.of(it, policy, unscored, microBatchTokens))
            : Optional.empty();
    if (store.isPresent()) {
      Map<Long, double[]> kept = store.get().read();
      if (!policy.processGroup().any(kept.isEmpty())) { // all ranks score, or none
        window.putAll(kept);
        return true;
      }
    }
    boolean whole = compute(unscored);
    if (whole) {
      store.ifPresent(it -> it.write(window));
    }
    return whole;
  }

  private boolean compute(List<KeyedBatch> unscored) {
    long total = unscored.stream().mapToLong(batch -> batch.keys().length).sum();
    progress.scored(0, total);
    for (KeyedBatch batch : unscored) {
      for (KeyedBatch slice : batch.slices(microBatchTokens)) {
        TokenLogProbs scores = policy.score(slice.batch());
        double[][] sums = scoring.sums(slice.batch(), scores);
        for (int i = 0; i < sums.length; i++) {
          window.put(slice.keys()[i], sums[i]);
        }
        if (!progress.scored(window.size(), total)) {
          window.clear(); // a part of a window is of no use
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public double[][] of(KeyedBatch slice, TokenLogProbs scores) {
    double[][] reference = scoring.sums(slice.batch(), scores);
    for (int i = 0; i < reference.length; i++) {
      reference[i] = window.getOrDefault(slice.keys()[i], reference[i]);
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
              Locale.ROOT,
              "the reference rule %s promised the weight %s after step %d but asks for %s;"
                  + " nextCopyAfter must be empty for a rule that cannot promise",
              rule,
              promised,
              step,
              weight));
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
              Locale.ROOT,
              "the reference rule %s promised its next copy after step %d to be at step %d;"
                  + " it must lie behind, and be promised for the whole run or not at all",
              rule,
              step,
              next));
    }
    return next;
  }
}
