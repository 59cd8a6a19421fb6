package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.PreferenceBatch;
import java.util.List;
import java.util.Map;

/**
 * The scored completions of an optimizer batch, or of a slice of it.
 *
 * @param examples in the order of the data
 * @param batchExamples number of examples of the whole optimizer batch
 * @param firstTokens number of tokens of the first completions of all examples of the whole
 *     optimizer batch, the denominator of the NLL
 * @param mismatched prompts of the whole optimizer batch with completions of other examples, for
 *     losses that {@link AlignmentLoss#usesMismatched use} them; else empty
 * @param memory the loss's state, its last {@link LossResult#memory}; empty before the first step
 *     and for losses without state
 */
public record ScoredBatch(
    ImmutableList<ScoredExample> examples,
    int batchExamples,
    long firstTokens,
    ImmutableList<ScoredCompletion> mismatched,
    ImmutableMap<String, Double> memory) {

  /** Checks for null. */
  public ScoredBatch {
    requireNonNull(examples, "examples");
    requireNonNull(mismatched, "mismatched");
    requireNonNull(memory, "memory");
  }

  /** A whole optimizer batch, without mismatched completions or memory. */
  public static ScoredBatch of(List<ScoredExample> examples) {
    requireNonNull(examples, "examples");
    long tokens = examples.stream().mapToLong(example -> example.first().tokens()).sum();
    return new ScoredBatch(
        ImmutableList.copyOf(examples),
        examples.size(),
        tokens,
        ImmutableList.of(),
        ImmutableMap.of());
  }

  /** The totals of a whole optimizer batch, before any example is scored. */
  public static ScoredBatch unscored(PreferenceBatch batch) {
    long tokens = batch.examples().stream().mapToLong(it -> it.completions().get(0).length()).sum();
    return new ScoredBatch(
        ImmutableList.of(), batch.size(), tokens, ImmutableList.of(), ImmutableMap.of());
  }

  /** A slice of the same batch. */
  public ScoredBatch with(List<ScoredExample> slice) {
    requireNonNull(slice, "slice");
    return new ScoredBatch(
        ImmutableList.copyOf(slice), batchExamples, firstTokens, mismatched, memory);
  }

  /** The same batch with mismatched completions. */
  public ScoredBatch withMismatched(List<ScoredCompletion> completions) {
    requireNonNull(completions, "completions");
    return new ScoredBatch(
        examples, batchExamples, firstTokens, ImmutableList.copyOf(completions), memory);
  }

  /** The same batch with a memory. */
  public ScoredBatch withMemory(Map<String, Double> carried) {
    requireNonNull(carried, "carried");
    return new ScoredBatch(
        examples, batchExamples, firstTokens, mismatched, ImmutableMap.copyOf(carried));
  }

  /** Number of examples in this slice. */
  public int size() {
    return examples.size();
  }

  /** One example. */
  public ScoredExample get(int example) {
    return examples.get(example);
  }

  /** One completion. */
  public ScoredCompletion get(int example, int completion) {
    return examples.get(example).completions().get(completion);
  }

  /** An example as a pair; it must have two completions. */
  public ScoredPair pair(int example) {
    return ScoredPair.of(examples.get(example));
  }
}
