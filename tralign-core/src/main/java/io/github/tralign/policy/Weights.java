package io.github.tralign.policy;

/** Which of the two sets of weights is meant. */
public enum Weights {
  /** The weights that are trained. */
  POLICY,
  /** The weights that the policy is held against; see {@link Policy#keepReference}. */
  REFERENCE
}
