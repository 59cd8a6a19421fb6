package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterGroups;
import java.nio.file.Path;
import java.util.Set;

/**
 * A language model that can be trained, and the reference that it is compared with.
 *
 * <p>This is all that the method needs of an engine. Weights, gradients, optimizer moments and the
 * reference's weights belong to the implementation.
 */
public interface Policy extends LanguageModel {

  /**
   * Adds the gradient of an objective to the accumulated gradients: forward, {@code objective}
   * called once with the log-probabilities, backward. Calling it for each slice of a batch gives
   * the gradient of the sum of the slices' objectives.
   */
  default void accumulate(PreferenceBatch batch, Objective objective) {
    accumulate(batch, Set.of(), objective);
  }

  /**
   * Adds the gradient of an objective that may depend on statistics of the tokens' distributions
   * too. The reference gets no gradient.
   *
   * @param statistics what the objective gets beside the log-probabilities
   * @throws IllegalStateException if the divergence is among them and no reference is kept
   */
  void accumulate(PreferenceBatch batch, Set<TokenStatistic> statistics, Objective objective);

  /**
   * Clips the accumulated gradients by their global norm, updates the policy's weights, and sets
   * the gradients to zero. The reference is untouched. Where the norm is not finite, nothing is
   * updated and the gradients are set to zero all the same.
   *
   * <p>Parameters that the step's groups freeze keep every bit and what moments they have, and do
   * not count in the norm. Each parameter counts the steps in which it was trained, so that one
   * that is frozen at first begins later as if it were new.
   *
   * @return the global gradient norm before clipping, over the parameters that are trained
   * @throws IllegalArgumentException if the step's groups do not fit the parameters, see {@link
   *     ParameterGroups#assign}; nothing is changed then
   */
  double step(OptimizerStep step);

  /**
   * Names the parameters that are trained from now on; all at first. Gradients of others need not
   * be computed, so {@link #step} must freeze them. Accumulated gradients are set to zero.
   *
   * @param parameters some of {@link #parameters()}
   */
  default void trainOnly(Set<String> parameters) {
    requireNonNull(parameters, "parameters");
    discardGradients();
  }

  /** Sets the accumulated gradients to zero. */
  void discardGradients();

  /** Makes the reference a copy of the policy's present weights, in fp32 or better. */
  void copyToReference();

  /** Whether a reference is kept, so that a second set of weights is in memory. */
  boolean hasReference();

  /**
   * The reference as a model of its own. It always has the reference's present weights, and belongs
   * to the policy, which closes it.
   *
   * @throws IllegalStateException if no reference is kept
   */
  LanguageModel reference();

  /**
   * Moves the reference towards the policy: {@code ref ← ref + weight · (policy − ref)} for each
   * parameter, matched by name, a tied one once, in fp32 or better. Weight 0 changes no bit, weight
   * 1 copies exactly. The optimizer's moments are untouched.
   *
   * @param weight of the policy, in [0, 1]
   * @throws IllegalStateException if no reference is kept
   */
  void mixReference(double weight);

  /**
   * How far the reference is from the policy: the Euclidean norm of the difference of all weights.
   *
   * @throws IllegalStateException if no reference is kept
   */
  default double referenceDistance() {
    LanguageModel other = reference();
    double sum = 0;
    for (String parameter : parameters()) {
      double[] policy = values(parameter);
      double[] reference = other.values(parameter);
      for (int i = 0; i < policy.length; i++) {
        sum += (policy[i] - reference[i]) * (policy[i] - reference[i]);
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * Writes the policy's weights with everything that is needed to load them again. The folder is
   * complete or not there at all; an earlier one of that name is replaced only by a complete one.
   *
   * @throws NonFiniteWeightsException if a weight is NaN or infinite; an earlier folder is kept
   */
  void save(Path folder);

  /**
   * Names the version of the engine's computations. A run is resumed by the version that it was
   * begun with: only then its results are the same bit for bit. Default: empty, one version only.
   */
  default String computation() {
    return "";
  }

  /**
   * Writes everything that is needed to continue training bit for bit: all weights, frozen ones
   * too, the reference if one is kept, and for each parameter that has been trained the optimizer's
   * moments and the number of its steps. Accumulated gradients are no part of it.
   *
   * @param folder is there and empty; after a failure it may hold a part
   * @throws NonFiniteWeightsException if a weight of the policy or the reference is NaN or infinite
   * @throws java.io.UncheckedIOException if the disk does not take it
   */
  void saveState(Path folder);

  /**
   * Restores what {@link #saveState} wrote of a policy with the same parameters: from then on this
   * policy does what that one would have done, bit for bit. Accumulated gradients are set to zero.
   *
   * @throws io.github.tralign.InvalidInputException if the folder holds no such state; nothing is
   *     changed then
   */
  void loadState(Path folder);
}
