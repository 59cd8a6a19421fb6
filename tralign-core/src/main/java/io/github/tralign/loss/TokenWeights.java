package io.github.tralign.loss;

import io.github.tralign.data.Example;

/**
 * How much each token of a completion counts in its log-probability {@code Σ_t w_t log π(y_t|x,
 * y_<t)}, under the policy and under the reference alike.
 */
@FunctionalInterface
public interface TokenWeights {

  /** Every token counts 1: the log-probability of the completion. */
  TokenWeights ONE = (example, completion, token) -> 1;

  /**
   * The weight of one token.
   *
   * @param completion which of the example's completions
   * @param token from 0
   */
  double of(Example example, int completion, int token);
}
