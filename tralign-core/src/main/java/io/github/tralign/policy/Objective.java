package io.github.tralign.policy;

/** A function of what a policy tells of a batch, known to an engine by its gradient alone. */
@FunctionalInterface
public interface Objective {

  /**
   * The derivative of the objective for each token.
   *
   * @param policy the log-probabilities under the policy's current weights, with the statistics
   *     that were asked for
   */
  TokenGradient gradient(TokenLogProbs policy);
}
