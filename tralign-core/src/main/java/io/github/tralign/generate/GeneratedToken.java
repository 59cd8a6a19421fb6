package io.github.tralign.generate;

import static java.util.Comparator.comparingDouble;
import static java.util.Comparator.comparingInt;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.generate.DecodingSession.NextToken;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A token of a completion. Log-probabilities are the model's own: temperature 1, nothing filtered.
 *
 * @param id the token
 * @param logProb its log-probability
 * @param alternatives the most probable tokens in this place, as many as {@link
 *     GenerationRequest#alternatives} says, the most probable first, of equal ones the smaller id
 *     first. The token itself is among them only if it is as probable. Tokens that the model
 *     excludes are left out, so there may be fewer
 */
public record GeneratedToken(int id, double logProb, ImmutableList<Alternative> alternatives) {

  /**
   * A token that could have been chosen.
   *
   * @param id the token
   * @param logProb its log-probability
   */
  public record Alternative(int id, double logProb) {}

  private static final Comparator<Alternative> LEAST_FIRST =
      comparingDouble(Alternative::logProb).thenComparing(comparingInt(Alternative::id).reversed());

  /** Checks for null. */
  public GeneratedToken {
    requireNonNull(alternatives, "alternatives");
  }

  /**
   * Chooses the next token of a sample.
   *
   * @param history the tokens before
   */
  static GeneratedToken choose(
      GenerationRequest request, int sample, History history, NextToken next) {
    int id =
        TokenChoice.of(
            request.sampling(),
            next.logits(),
            history,
            () -> RandomDraw.of(request.seed(), request.row(), sample, history.newTokens()));
    return new GeneratedToken(id, logProb(next, id), best(next, request.alternatives()));
  }

  private static double logProb(NextToken next, int id) {
    return Math.min(0, next.logits()[id] - next.logSumExp()); // above 0 by rounding
  }

  private static ImmutableList<Alternative> best(NextToken next, int count) {
    if (count == 0) {
      return ImmutableList.of();
    }
    PriorityQueue<Alternative> best = new PriorityQueue<>(LEAST_FIRST);
    float[] logits = next.logits();
    float least = Float.NEGATIVE_INFINITY; // of the best, once there are enough
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] > least) {
        if (best.size() == count) {
          best.remove();
        }
        best.add(new Alternative(id, logProb(next, id)));
        if (best.size() == count) {
          least = logits[best.element().id()];
        }
      }
    }
    return ImmutableList.sortedCopyOf(LEAST_FIRST.reversed(), List.copyOf(best));
  }
}
