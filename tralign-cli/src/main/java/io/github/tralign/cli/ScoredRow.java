package io.github.tralign.cli;

import io.github.tralign.data.Example;
import io.github.tralign.policy.TokenLogProbs;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code logps} writes for an example: two scores for a pair, one for a completion. Public,
 * since Parquet files are written by reflection.
 *
 * @param index the row's number
 */
public record ScoredRow(
    long index, @Nullable Score chosen, @Nullable Score rejected, @Nullable Score completion) {

  /** How a file of such lines begins. */
  static final Pattern BEGINNING =
      Pattern.compile("\\{\"index\":\\d+,\"(chosen|completion)\":\\{\"logp\":");

  /**
   * The score of a completion.
   *
   * @param logp the sum over its tokens
   * @param tokens how many it has
   */
  public record Score(double logp, int tokens) {}

  /** The scores of the i-th example of a batch. */
  static ScoredRow of(long index, TokenLogProbs scores, int i, Example example) {
    return example.isPair()
        ? new ScoredRow(index, score(scores, i, 0, example), score(scores, i, 1, example), null)
        : new ScoredRow(index, null, null, score(scores, i, 0, example));
  }

  private static Score score(TokenLogProbs scores, int i, int completion, Example example) {
    return new Score(FiniteScore.of(scores, i, completion, example), scores.tokens(i, completion));
  }
}
