package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.Judgement;
import java.util.List;

/**
 * The scored completions of one example.
 *
 * @param completions in the order of the data
 * @param judgement what else is known of them
 */
public record ScoredExample(ImmutableList<ScoredCompletion> completions, Judgement judgement) {

  /** Nothing may be null. */
  public ScoredExample {
    requireNonNull(completions, "completions");
    requireNonNull(judgement, "judgement");
  }

  /** With completions of any list, which is copied. */
  public ScoredExample(List<ScoredCompletion> completions, Judgement judgement) {
    this(ImmutableList.copyOf(requireNonNull(completions, "completions")), judgement);
  }

  /** The only completion of an example, or the better one of a pair. */
  public ScoredCompletion first() {
    return completions.get(0);
  }
}
