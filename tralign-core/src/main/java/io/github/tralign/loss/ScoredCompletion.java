package io.github.tralign.loss;

/**
 * A completion with its log-probabilities, summed over its tokens.
 *
 * @param logp {@code log π(y|x)} under the policy
 * @param referenceLogp {@code log π_ref(y|x)} under the reference; NaN if the loss does not use it
 * @param tokens number of tokens, at least 1
 * @param divergence {@code Σ_t KL(π_ref(·|x, y_<t) ‖ π(·|x, y_<t))}; NaN if the loss does not use
 *     it
 * @param collision {@code Σ_t log Σ_v π(v|x, y_<t)²}; NaN if the loss does not use it
 */
public record ScoredCompletion(
    double logp, double referenceLogp, int tokens, double divergence, double collision) {

  /** A completion with log-probabilities only. */
  public ScoredCompletion(double logp, double referenceLogp, int tokens) {
    this(logp, referenceLogp, tokens, Double.NaN, Double.NaN);
  }

  /** {@code log π(y|x) − log π_ref(y|x)}. */
  public double logRatio() {
    return logp - referenceLogp;
  }

  /** The log-ratio per token. */
  public double meanLogRatio() {
    return logRatio() / tokens;
  }

  /** The policy's log-probability per token. */
  public double meanLogp() {
    return logp / tokens;
  }

  /** The same completion with probability 1 under the reference. */
  ScoredCompletion withoutReference() {
    return withLogRatio(logp);
  }

  /** The same completion with another log-ratio. */
  ScoredCompletion withLogRatio(double logRatio) {
    return new ScoredCompletion(logRatio, 0, tokens, divergence, collision);
  }
}
