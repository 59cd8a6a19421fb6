package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.policy.DataParallelPolicy;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.util.Locale;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * The settings of a {@link Trainer}, checked and complete.
 *
 * @param policy to train
 * @param loss to minimize
 * @param reference how the reference moves
 * @param data to train on
 * @param batches how the data is cut into batches
 * @param optimizer how the weights are updated
 * @param onNan what to do at a step that is not finite
 * @param probe where the distance from the initial policy is measured
 * @param evaluation what is evaluated on
 * @param checkpoints which checkpoints are written and resumed
 * @param cache where a fixed reference's log-probabilities are kept from run to run
 * @param samples what is completed from time to time
 * @param compareWeightsEvery steps from one comparison of the processes' weights to the next
 * @param listeners of the run
 */
@Value.Builder
record TrainerSettings(
    Policy policy,
    AlignmentLoss loss,
    ReferencePolicy reference,
    ExampleSource data,
    BatchSettings batches,
    OptimizerSettings optimizer,
    OnNan onNan,
    ProbeSettings probe,
    EvaluationSettings evaluation,
    CheckpointSettings checkpoints,
    Optional<CacheFolder> cache,
    Optional<SampleSettings> samples,
    int compareWeightsEvery,
    ImmutableList<TrainingListener> listeners)
    implements WithTrainerSettings {

  TrainerSettings {
    if (!loss.usesReference() && !(reference instanceof FixedReference)) {
      throw new InvalidSettingException(
          "reference",
          String.format(
              Locale.ROOT,
              "the loss %s uses no reference, so the reference %s would do nothing:"
                  + " leave one of them out",
              loss.name(),
              reference));
    }
    optimizer.groups().assign(policy.parameters(), name -> name);
    checkpoints.check();
    evaluation.check(loss, reference, checkpoints.keepBest());
  }

  /**
   * The settings as this process follows them: with its part of a policy that is trained by several
   * processes, of which only the first one notifies listeners.
   */
  TrainerSettings ofProcess() {
    Policy shared = DataParallelPolicy.of(policy);
    return policy.processGroup().rank() == 0
        ? withPolicy(shared)
        : withPolicy(shared).withListeners(ImmutableList.of());
  }

  /** Rejects examples that the loss or the policy does not take. */
  ExampleCheck exampleCheck() {
    return new ExampleCheck(policy, loss);
  }
}
