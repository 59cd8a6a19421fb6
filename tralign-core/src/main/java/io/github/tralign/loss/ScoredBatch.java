package io.github.tralign.loss;

import com.google.common.collect.ImmutableList;

/**
 * The scored completions of an optimizer batch, or of a slice of it.
 *
 * @param examples for each example its completions, in the order of the data
 * @param batchExamples number of examples of the whole optimizer batch
 * @param batchTokens number of completion tokens of the whole optimizer batch
 */
public record ScoredBatch(
    ImmutableList<ImmutableList<ScoredCompletion>> examples, int batchExamples, long batchTokens) {

  /** A whole optimizer batch. */
  public static ScoredBatch of(ImmutableList<ImmutableList<ScoredCompletion>> examples) {
    long tokens =
        examples.stream().flatMap(ImmutableList::stream).mapToLong(ScoredCompletion::tokens).sum();
    return new ScoredBatch(examples, examples.size(), tokens);
  }

  /** Number of examples in this slice. */
  public int size() {
    return examples.size();
  }

  /** One completion. */
  public ScoredCompletion get(int example, int completion) {
    return examples.get(example).get(completion);
  }
}
