package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterGroups;
import java.nio.file.Path;
import java.util.Set;

/**
 * A language model that can be trained, with the reference that it is compared with.
 *
 * <p>This is the interface between the training method and an engine. Weights, gradients, optimizer
 * state and the reference's weights belong to the implementation.
 */
public interface Policy extends LanguageModel {

  /**
   * Adds the gradient of an objective to the accumulated gradients: a forward pass, one call of
   * {@code objective} with the log-probabilities, and a backward pass. Calling this for each slice
   * of a batch accumulates the gradient of the sum of the slices' objectives.
   */
  default void accumulate(PreferenceBatch batch, Objective objective) {
    accumulate(batch, Set.of(), objective);
  }

  /**
   * Adds the gradient of an objective that may also depend on statistics of the tokens'
   * distributions. The reference gets no gradient.
   *
   * @param statistics what the objective receives in addition to the log-probabilities
   * @throws IllegalStateException if the divergence is requested but no reference is kept
   */
  void accumulate(PreferenceBatch batch, Set<TokenStatistic> statistics, Objective objective);

  /**
   * Clips the accumulated gradients by their global norm, updates the policy's weights, and sets
   * the gradients to zero. The reference does not change. If the norm is not finite, the gradients
   * are set to zero and nothing is updated.
   *
   * <p>Parameters that are frozen in this step keep their values and optimizer state unchanged, and
   * do not count in the norm. Each parameter has its own step count for AdamW's bias correction.
   *
   * @return the global gradient norm before clipping, over the parameters that are trained
   * @throws IllegalArgumentException if the step's groups do not fit the parameters, see {@link
   *     ParameterGroups#assign}; then nothing is changed
   */
  double step(OptimizerStep step);

  /**
   * The processes that train the policy together, each with a copy of it. {@link #step} adds up the
   * gradients that they have accumulated, once the step's groups are known to fit, and then makes
   * the same update on each; the norm is that of the sum. All other calls concern this process
   * only; {@link DataParallelPolicy} divides batches among the processes. Default: this process
   * alone.
   */
  default ProcessGroup processGroup() {
    return ProcessGroup.single();
  }

  /**
   * Sets which parameters are trained from now on; initially all. The engine may skip computing
   * other gradients, so {@link #step} must freeze these parameters. Accumulated gradients are set
   * to zero.
   *
   * @param parameters a subset of {@link #parameters()}
   */
  default void trainOnly(Set<String> parameters) {
    requireNonNull(parameters, "parameters");
    discardGradients();
  }

  /** Sets the accumulated gradients to zero. */
  void discardGradients();

  /** Makes the reference a copy of the policy's current weights, in fp32 or better. */
  void copyToReference();

  /** Whether a reference is kept as a second copy of the weights. */
  boolean hasReference();

  /**
   * The reference as a model. It has the reference's current weights until the reference is
   * removed, or replaced by one that is loaded; it is closed with the policy.
   *
   * @throws IllegalStateException if no reference is kept
   */
  LanguageModel reference();

  /**
   * Mixes the policy into the reference: {@code ref ← ref + weight · (policy − ref)} for each of
   * the {@link #weights}, a tied one once, in fp32 or better. Weight 0 changes nothing, weight 1
   * copies exactly. The optimizer state does not change.
   *
   * @param weight of the policy, in [0, 1]
   * @throws IllegalStateException if no reference is kept
   */
  void mixReference(double weight);

  /**
   * The Euclidean norm of the difference between all weights of policy and reference.
   *
   * @throws IllegalStateException if no reference is kept
   */
  default double referenceDistance() {
    LanguageModel other = reference();
    double sum = 0;
    for (String weight : weights()) {
      double[] policy = values(weight);
      double[] reference = other.values(weight);
      for (int i = 0; i < policy.length; i++) {
        sum += (policy[i] - reference[i]) * (policy[i] - reference[i]);
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * Writes the policy's weights with everything required to load them again. The folder appears
   * only when it is complete, and replaces an earlier one only then.
   *
   * @throws NonFiniteWeightsException if a weight is NaN or infinite; an earlier folder is kept
   */
  void save(Path folder);

  /**
   * The version of the engine's computations. A run must be resumed with the version with which it
   * was started, so that results are the same bit for bit. Empty by default, for engines with one
   * version only.
   */
  default String computation() {
    return "";
  }

  /**
   * Writes everything required to continue training bit for bit: all weights, including frozen
   * ones, the reference if one is kept, and for each trained parameter its optimizer state and step
   * count. Accumulated gradients are not saved.
   *
   * <p>The processes of {@link #processGroup} may each have a part of that. So all call this method
   * or {@link #contributeState} at the same time; each that calls this one writes the whole state.
   *
   * @param folder an existing empty folder; after a failure it may be incomplete
   * @throws NonFiniteWeightsException if a weight of the policy or the reference is NaN or infinite
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  void saveState(Path folder);

  /**
   * Gives other processes of {@link #processGroup} what they need from this one to write the state,
   * while they call {@link #saveState}. Default: nothing, for engines whose processes each have the
   * whole state.
   *
   * @throws io.github.tralign.distributed.ProcessGroupException if another process fails
   */
  default void contributeState() {}

  /**
   * Restores the state that {@link #saveState} wrote for a policy with the same parameters:
   * afterwards this policy behaves like that one, bit for bit. Accumulated gradients are set to
   * zero.
   *
   * @throws io.github.tralign.InvalidInputException if the folder does not contain such a state;
   *     then nothing is changed
   */
  void loadState(Path folder);
}
