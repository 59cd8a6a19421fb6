package io.github.tralign.train;

import io.github.tralign.InvalidSettingException;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.policy.Policy;
import org.immutables.value.Value;

/**
 * How the weights are updated.
 *
 * @param plan length of the run and its learning rates
 * @param adamW the optimizer's own settings
 * @param groups parameters that are frozen, or learn or decay differently
 * @param maxGradNorm global norm that gradients are clipped to; infinite for none
 */
@Value.Builder
record OptimizerSettings(
    LearningRatePlan plan, AdamW adamW, ParameterGroups groups, double maxGradNorm)
    implements WithOptimizerSettings {

  OptimizerSettings {
    InvalidSettingException.require(
        maxGradNorm > 0,
        "maxGradNorm",
        "the maximal gradient norm must be > 0, not " + maxGradNorm);
  }

  static OptimizerSettings ofDefaults() {
    return new OptimizerSettings(
        LearningRatePlan.ofDefaults(), AdamW.ofDefaults(), ParameterGroups.none(), 1);
  }

  /** Lets a policy compute gradients of the parameters that are trained only. */
  void freeze(Policy policy) {
    policy.trainOnly(groups.trained(policy.parameters()));
  }

  /** A step of a run of that length; the first step is 1. */
  OptimizerStep at(long step, long totalSteps) {
    return new OptimizerStep(plan.rateAt(step, totalSteps), maxGradNorm, adamW, groups);
  }
}
