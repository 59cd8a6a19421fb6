package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.OptionalLong;

/**
 * How the reference follows the policy: after each optimizer step, how much of the policy goes into
 * it.
 *
 * <p>To write one's own rule, give {@link #weightAfter}; a lambda will do.
 */
@FunctionalInterface
public interface ReferencePolicy {

  /** What {@link #nextCopyAfter} answers where the reference never moves. */
  long NEVER = Long.MAX_VALUE;

  /**
   * The weight of the policy that is mixed into the reference now, {@code ref ← weight · policy +
   * (1 − weight) · ref}: 0 keeps the reference, 1 copies the policy. Asked exactly once after each
   * optimizer step, in order.
   *
   * @param metrics of the step just done; {@link StepMetrics#step()} is 1 after the first
   * @return a number in [0, 1]
   */
  double weightAfter(StepMetrics metrics);

  /**
   * A promise, if the rule can make one: the weight is 0 after each step until the returned one,
   * and 1 after that. The reference's log-probabilities are then constant up to that step, so that
   * they can be computed ahead by the policy itself, without a second copy of the weights. Training
   * stops with an error if the promise is broken.
   *
   * @param step number of optimizer steps done, 0 before the first
   * @return the next step after which the policy is copied, more than {@code step}; {@link #NEVER}
   *     if there is none; empty if the rule promises nothing
   */
  default OptionalLong nextCopyAfter(long step) {
    return OptionalLong.empty();
  }
}
