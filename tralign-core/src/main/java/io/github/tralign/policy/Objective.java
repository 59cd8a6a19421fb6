package io.github.tralign.policy;

/** A function of a policy's token log-probabilities. An engine only needs its gradient. */
@FunctionalInterface
public interface Objective {

  /**
   * The derivative of the objective for each token.
   *
   * @param policy the log-probabilities under the policy's current weights, with the requested
   *     statistics
   */
  TokenGradient gradient(TokenLogProbs policy);
}
