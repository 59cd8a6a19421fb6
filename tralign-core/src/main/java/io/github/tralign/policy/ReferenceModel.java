package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/**
 * The reference of a policy of the same shape, for engines that keep it beside the policy's
 * weights. It is the policy's: closing it does nothing.
 */
public abstract class ReferenceModel implements LanguageModel {

  /** Thrown by engines where a reference is asked for and none is kept. */
  public static IllegalStateException missing() {
    return new IllegalStateException("no reference is kept; call copyToReference first");
  }

  private final Policy policy;

  /** The reference of {@code policy}. */
  protected ReferenceModel(Policy policy) {
    this.policy = requireNonNull(policy, "policy");
  }

  /**
   * For {@link #score}: a reference has no reference of its own.
   *
   * @throws IllegalStateException if the divergence is asked for
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
