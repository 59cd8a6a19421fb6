package io.github.tralign.reference;

import io.github.tralign.metrics.StepMetrics;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A rule by which the reference follows the policy: it decides, after each optimizer step, with
 * what weight the policy is mixed into the reference.
 *
 * <p>A custom rule implements {@link #weightAfter}; a lambda is enough. Rules are immutable, and
 * pure functions of their arguments. If a rule needs state, it returns it as metrics ({@link
 * #memoryAfter}); they are logged, and restored when a run resumes.
 */
@FunctionalInterface
public interface ReferencePolicy {

  /** The result of {@link #nextCopyAfter} if the reference is never updated. */
  long NEVER = Long.MAX_VALUE;

  /**
   * The weight with which the policy is mixed into the reference after a step, {@code ref ← weight
   * · policy + (1 − weight) · ref}: 0 keeps the reference, 1 copies the policy. Called after each
   * optimizer step, in order.
   *
   * @param metrics of the step just done, with the rule's own {@link #memoryAfter} among them;
   *     {@link StepMetrics#step()} is 1 after the first
   * @return a number in [0, 1]
   */
  double weightAfter(StepMetrics metrics);

  /**
   * The step of the next copy, if the rule knows it in advance: the weight is 0 after each step
   * before the returned one, and 1 after that step. Until then the reference's log-probabilities
   * are constant, so the policy itself can compute them in advance, without a second copy of the
   * weights. A rule returns a step during the whole run or never; training fails if {@link
   * #weightAfter} contradicts this method.
   *
   * @param step number of optimizer steps done, 0 before the first
   * @param stepsPerEpoch optimizer steps per epoch, ≥ 1; {@link Long#MAX_VALUE} if rows are
   *     streamed, since then there are no epochs
   * @return the next step after which the policy is copied, &gt; {@code step}; {@link #NEVER} if
   *     there is none; empty if the rule does not know in advance
   */
  default OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
    return OptionalLong.empty();
  }

  /**
   * Whether the rule requires the length of an epoch or the metric {@code epoch}, which are not
   * available if rows are streamed.
   */
  default boolean countsEpochs() {
    return false;
  }

  /**
   * The mean lag of the reference behind the policy, in optimizer steps, over a run: how much older
   * the weights of the reference are on average. It is half the run if the reference is fixed, (τ −
   * 1)/2 if it is copied every τ steps, and (1 − α)/α for a soft update. With the same β times mean
   * lag, runs end at about the same distance from their start, whatever the rule.
   *
   * <p>Default: the lag that follows from {@link #nextCopyAfter}, where that knows the copies;
   * before the first and after the last one the reference lags as a fixed one does.
   *
   * @param steps optimizer steps of the run, ≥ 1
   * @param stepsPerEpoch as in {@link #nextCopyAfter}
   * @return from 0 to {@code steps/2}; empty if it is not known before the run, since the rule
   *     depends on what is measured, its weight changes over the run, or there are very many copies
   */
  default OptionalDouble meanLag(long steps, long stepsPerEpoch) {
    return CopyLag.mean(this, steps, stepsPerEpoch);
  }

  /**
   * The rule's state after a step, such as a smoothed distance. It is added to the step's metrics,
   * so it is logged, and available to {@link #weightAfter} and, in the next step, to this method.
   *
   * @param metrics of the step just done
   * @param before all metrics of the step before, with the rule's state and {@code
   *     reference/weight}; {@link StepMetrics#start()} in the first step
   * @return metrics by name; each name begins with {@code reference/}
   */
  default Map<String, Double> memoryAfter(StepMetrics metrics, StepMetrics before) {
    return Map.of();
  }

  /**
   * This rule with a weight that rises linearly over the first steps: after step {@code t} the
   * rule's weight is multiplied by {@code min(1, t/steps)}. Such a rule does not know its copies in
   * advance and so needs a second copy of the weights; for rules that copy, {@link #from} is
   * usually better.
   *
   * @param steps length of the warm-up, ≥ 1; from that step on the weight is the rule's own
   * @throws IllegalArgumentException if {@code steps} is less than 1
   */
  default ReferencePolicy warmup(long steps) {
    return new WarmUp(this, steps);
  }

  /**
   * This rule, starting at a given step: after each earlier step the weight is 0.
   *
   * @param step the first step to which the rule applies, ≥ 1
   * @throws IllegalArgumentException if {@code step} is less than 1
   */
  default ReferencePolicy from(long step) {
    return new Delayed(this, step);
  }
}
