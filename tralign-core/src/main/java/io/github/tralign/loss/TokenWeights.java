package io.github.tralign.loss;

import io.github.tralign.data.Example;

/**
 * The weight of each token of a completion in its log-probability {@code Σ_t w_t log π(y_t|x,
 * y_<t)}, the same for policy and reference.
 */
@FunctionalInterface
public interface TokenWeights {

  /** Weight 1 for every token. */
  TokenWeights ONE = (example, completion, token) -> 1;

  /**
   * The weight of one token.
   *
   * @param completion index of the completion in the example
   * @param token from 0
   */
  double of(Example example, int completion, int token);
}
