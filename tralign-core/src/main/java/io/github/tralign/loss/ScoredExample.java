package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.Judgement;
import java.util.List;

/**
 * The scored completions of one example.
 *
 * @param completions in the order of the data
 * @param judgement weight, label, margin and win probability
 */
public record ScoredExample(ImmutableList<ScoredCompletion> completions, Judgement judgement) {

  /** Checks for null. */
  public ScoredExample {
    requireNonNull(completions, "completions");
    requireNonNull(judgement, "judgement");
  }

  /** Copies the completions. */
  public ScoredExample(List<ScoredCompletion> completions, Judgement judgement) {
    this(ImmutableList.copyOf(requireNonNull(completions, "completions")), judgement);
  }

  /** The only completion of an example, or the better one of a pair. */
  public ScoredCompletion first() {
    return completions.get(0);
  }
}
