package io.github.tralign.policy;

/**
 * Statistics of the next-token distribution at a completion token, in addition to the token's
 * log-probability. They require passes over the vocabulary, so they are computed only on request.
 */
public enum TokenStatistic {
  /**
   * {@code log Σ_v π(v)²}: the log-probability that two independent samples from the policy are
   * equal. Has no gradient.
   */
  COLLISION,

  /**
   * {@code KL(π_ref ‖ π) = Σ_v π_ref(v) (log π_ref(v) − log π(v))}, in nats, never negative.
   * Requires a kept reference. Its derivative with respect to the policy's logits is {@code π −
   * π_ref}.
   */
  DIVERGENCE
}
