package io.github.tralign.train;

import io.github.tralign.policy.Policy;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** A policy is trained by one trainer at a time: it owns the policy until this is closed. */
final class PolicyOwner implements AutoCloseable {

  private static final Set<Policy> OWNED =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  private final Policy policy;

  private PolicyOwner(Policy policy) {
    this.policy = policy;
  }

  /**
   * Takes a policy.
   *
   * @throws IllegalStateException if a trainer has it
   */
  static PolicyOwner of(Policy policy) {
    if (!OWNED.add(policy)) {
      throw new IllegalStateException(
          "the policy is being trained: one trainer at a time, until its train() returns");
    }
    return new PolicyOwner(policy);
  }

  @Override
  public void close() {
    OWNED.remove(policy);
  }
}
