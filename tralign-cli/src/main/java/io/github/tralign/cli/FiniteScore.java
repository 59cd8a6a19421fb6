package io.github.tralign.cli;

import io.github.tralign.data.Example;
import io.github.tralign.policy.TokenLogProbs;

/** Makes sure that log-probabilities are finite. */
final class FiniteScore {

  private FiniteScore() {}

  /**
   * The log-probability of a completion.
   *
   * @throws ArithmeticException naming the row, if it is NaN or infinite: weights are checked when
   *     they are loaded, but they may be so large that what is computed of them overflows
   */
  static double of(TokenLogProbs scores, int index, int completion, Example example) {
    double logp = scores.sum(index, completion);
    if (!Double.isFinite(logp)) {
      throw new ArithmeticException(
          example.origin() + ": the log-probability is " + logp + "; are the weights sound?");
    }
    return logp;
  }
}
