package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How the reference follows the policy: after each optimizer step, how much of the policy goes into
 * it.
 *
 * <p>To write one's own rule, give {@link #weightAfter}; a lambda will do. Rules are immutable and
 * pure functions of what they are given. What a rule has to remember from step to step it puts
 * among the metrics ({@link #memoryAfter}), where people see it too and from where a run can be
 * taken up again.
 */
@FunctionalInterface
public interface ReferencePolicy {

  /** What {@link #nextCopyAfter} answers where the reference never moves. */
  long NEVER = Long.MAX_VALUE;

  /**
   * The weight of the policy that is mixed into the reference now, {@code ref ← weight · policy +
   * (1 − weight) · ref}: 0 keeps the reference, 1 copies the policy. Asked after each optimizer
   * step, in order.
   *
   * @param metrics of the step just done, with the rule's own {@link #memoryAfter} among them;
   *     {@link StepMetrics#step()} is 1 after the first
   * @return a number in [0, 1]
   */
  double weightAfter(StepMetrics metrics);

  /**
   * A promise, if the rule can make one: the weight is 0 after each step until the returned one,
   * and 1 after that. The reference's log-probabilities are then constant up to that step, so that
   * they can be computed ahead by the policy itself, without a second copy of the weights. A rule
   * promises for the whole run or not at all; training stops with an error if it breaks a promise.
   *
   * @param step number of optimizer steps done, 0 before the first
   * @param stepsPerEpoch optimizer steps that see each example once, ≥ 1; {@link Long#MAX_VALUE}
   *     where rows are streamed, so that no epoch ends
   * @return the next step after which the policy is copied, more than {@code step}; {@link #NEVER}
   *     if there is none; empty if the rule promises nothing
   */
  default OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return OptionalLong.empty();
  }

  /**
   * Whether the rule cannot do without the length of an epoch, or {@code epoch} among the metrics.
   * Rows that are streamed have neither.
   */
  default boolean countsEpochs() {
    return false;
  }

  /**
   * What the rule keeps in mind of the run so far, such as a smoothed distance. It is put among the
   * step's metrics, to be logged and to be found there by {@link #weightAfter} and, at the next
   * step, by this method.
   *
   * @param metrics of the step just done
   * @param before everything of the step before, with its memory and {@code reference/weight};
   *     {@link StepMetrics#start()} at the first
   * @return figures by name; a name begins with {@code reference/}
   */
  default Map<String, Double> memoryAfter(StepMetrics metrics, StepMetrics before) {
    return Map.of();
  }

  /**
   * This rule with a weight that rises in a straight line over the first steps: {@code min(1,
   * t/steps)} of the rule's own after step {@code t}. Such a rule promises nothing; {@link #from}
   * suits one that copies better.
   *
   * @param steps length of the warm-up, ≥ 1; after that step and all later ones the weight is the
   *     rule's own
   * @throws IllegalArgumentException if {@code steps} is less than 1
   */
  default ReferencePolicy warmup(long steps) {
    return new WarmUp(this, steps);
  }

  /**
   * This rule, with a reference that stays the initial policy until a step: after each step before
   * that one the weight is 0.
   *
   * @param step the first step after which the rule is in force, ≥ 1
   * @throws IllegalArgumentException if {@code step} is less than 1
   */
  default ReferencePolicy from(long step) {
    return new Delayed(this, step);
  }
}
