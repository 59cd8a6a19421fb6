package io.github.tralign.optimizer;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.policy.Policy;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What one optimizer step is to do.
 *
 * @param learningRate of this step, ≥ 0
 * @param maxGradNorm the global norm that the gradient is clipped to, &gt; 0; infinite for no
 *     clipping
 * @param adamW the settings that stay the same from step to step
 * @param groups the parameters that are treated otherwise than the rest
 */
public record OptimizerStep(
    double learningRate, double maxGradNorm, AdamW adamW, ParameterGroups groups) {

  /** Added to the norm before the division, as in {@code torch.nn.utils.clip_grad_norm_}. */
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

  /** A step that treats all parameters alike. */
  public OptimizerStep(double learningRate, double maxGradNorm, AdamW adamW) {
    this(learningRate, maxGradNorm, adamW, ParameterGroups.none());
  }

  /**
   * What to do to each parameter that is trained, in the order given; frozen ones are missing.
   *
   * @param parameters all of the engine's, as it knows them
   * @param name of a parameter, as {@link Policy#parameters()} has it
   * @param matrix whether a parameter has two dimensions, see {@link Decayed#MATRICES}
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
    boolean decays = matrix || groups.decayed() == Decayed.ALL;
    return new ParameterUpdate(
        learningRate * group.learningRateFactor(),
        group.weightDecay().orElse(decays ? adamW.weightDecay() : 0));
  }

  /** The factor that clips a gradient of the given global norm. */
  public double clipFactor(double gradNorm) {
    return Math.min(1, maxGradNorm / (gradNorm + TINY));
  }
}
