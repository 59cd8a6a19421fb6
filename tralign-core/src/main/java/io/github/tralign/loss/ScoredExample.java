package io.github.tralign.loss;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Judgement;

/**
 * The scored completions of one example.
 *
 * @param completions in the order of the data
 * @param judgement what else is known of them
 */
public record ScoredExample(ImmutableList<ScoredCompletion> completions, Judgement judgement) {

  /** The only completion of an example, or the better one of a pair. */
  public ScoredCompletion first() {
    return completions.get(0);
  }
}
