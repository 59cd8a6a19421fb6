package io.github.tralign.optimizer;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.policy.Policy;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The settings of one optimizer step.
 *
 * @param learningRate learning rate for this parameter in this step, ≥ 0
 * @param maxGradNorm maximum global norm of the gradient, &gt; 0; infinite for no clipping
 * @param adamW the constant settings
 * @param groups parameters with individual settings
 */
public record OptimizerStep(
    double learningRate, double maxGradNorm, AdamW adamW, ParameterGroups groups) {

  /** Added to the norm before dividing, as in {@code torch.nn.utils.clip_grad_norm_}. */
  private static final double TINY = 1e-6;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is outside its range
   */
  public OptimizerStep {
    requireNonNull(adamW, "adamW");
    requireNonNull(groups, "groups");
    if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the learning rate must be a number >= 0, not " + learningRate);
    }
    if (!(maxGradNorm > 0)) {
      throw new IllegalArgumentException("the gradient norm must be > 0, not " + maxGradNorm);
    }
  }

  /** A step with the same settings for all parameters. */
  public OptimizerStep(double learningRate, double maxGradNorm, AdamW adamW) {
    this(learningRate, maxGradNorm, adamW, ParameterGroups.none());
  }

  /**
   * The update of each trained parameter, in the given order; without frozen parameters.
   *
   * @param parameters all parameters, in the engine's representation
   * @param name gives the name of a parameter, as in {@link Policy#parameters()}
   * @param matrix whether a parameter has two dimensions, see {@link WeightDecayScope#MATRICES}
   * @throws IllegalArgumentException if the groups do not fit, see {@link ParameterGroups#assign}
   */
  public <P> ImmutableMap<P, ParameterUpdate> updates(
      Collection<P> parameters, Function<P, String> name, Predicate<P> matrix) {
    ImmutableMap.Builder<P, ParameterUpdate> updates = ImmutableMap.builder();
    groups
        .assign(parameters, name)
        .forEach(
            (parameter, group) -> {
              if (!group.frozen()) {
                updates.put(parameter, update(group, matrix.test(parameter)));
              }
            });
    return updates.build();
  }

  private ParameterUpdate update(ParameterGroup group, boolean matrix) {
    boolean decays = matrix || groups.decayed() == WeightDecayScope.ALL;
    return new ParameterUpdate(
        learningRate * group.learningRateFactor(),
        group.weightDecay().orElse(decays ? adamW.weightDecay() : 0));
  }

  /** The factor that clips a gradient of the given global norm. */
  public double clipFactor(double gradNorm) {
    return Math.min(1, maxGradNorm / (gradNorm + TINY));
  }
}
