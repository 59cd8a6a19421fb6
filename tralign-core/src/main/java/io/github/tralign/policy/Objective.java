package io.github.tralign.policy;

/** A function of the log-probabilities of a batch, known to an engine by its gradient alone. */
@FunctionalInterface
public interface Objective {

  /**
   * The derivative of the objective with respect to each token's log-probability.
   *
   * @param policy the log-probabilities under the policy's current weights
   * @return {@code ∂L/∂log π_t} for each completion token, in the order of {@link
   *     TokenLogProbs#values()}
   */
  double[] gradient(TokenLogProbs policy);
}
