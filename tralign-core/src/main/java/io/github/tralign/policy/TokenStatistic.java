package io.github.tralign.policy;

/**
 * What can be told of the distribution that a completion token is drawn from, beside the token's
 * own log-probability. It costs passes over the vocabulary, so it is computed only where asked for.
 */
public enum TokenStatistic {
  /**
   * {@code log Σ_v π(v)²}: the log-probability that two draws from the policy agree. Carries no
   * gradient.
   */
  COLLISION,

  /**
   * {@code KL(π_ref ‖ π) = Σ_v π_ref(v) (log π_ref(v) − log π(v))}, in nats, never negative. Needs
   * a kept reference. Its derivative with respect to the policy's logits is {@code π − π_ref}.
   */
  DIVERGENCE
}
