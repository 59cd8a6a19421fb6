package io.github.tralign.loss;

/**
 * A completion with its log-probabilities, summed over its tokens.
 *
 * @param logp {@code log π(y|x)} under the policy
 * @param referenceLogp {@code log π_ref(y|x)} under the reference; NaN where a loss uses none
 * @param tokens number of tokens, at least 1
 */
public record ScoredCompletion(double logp, double referenceLogp, int tokens) {

  /** {@code log π(y|x) − log π_ref(y|x)}. */
  public double logRatio() {
    return logp - referenceLogp;
  }

  /** The log-ratio per token. */
  public double meanLogRatio() {
    return logRatio() / tokens;
  }
}
