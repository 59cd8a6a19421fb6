package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/**
 * The reference of a policy with the same architecture, for engines that store it with the policy's
 * weights. It is owned by the policy: closing it has no effect.
 */
public abstract class ReferenceModel implements LanguageModel {

  /** The exception for engines if a reference is requested but none is kept. */
  public static IllegalStateException missing() {
    return new IllegalStateException("no reference is kept; call copyToReference first");
  }

  private final Policy policy;

  /** The reference of {@code policy}. */
  protected ReferenceModel(Policy policy) {
    this.policy = requireNonNull(policy, "policy");
  }

  /**
   * For {@link #score}: a reference has no reference itself.
   *
   * @throws IllegalStateException if the divergence is requested
   */
  protected static void requireNoDivergence(Set<TokenStatistic> statistics) {
    if (statistics.contains(TokenStatistic.DIVERGENCE)) {
      throw new IllegalStateException(
          "the divergence needs a reference; only a policy can have one");
    }
  }

  @Override
  public int vocabularySize() {
    return policy.vocabularySize();
  }

  @Override
  public int maxLength() {
    return policy.maxLength();
  }

  @Override
  public List<String> parameters() {
    return policy.parameters();
  }

  @Override
  public void close() {}
}
