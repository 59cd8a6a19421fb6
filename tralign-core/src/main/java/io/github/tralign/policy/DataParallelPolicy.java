package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.optimizer.OptimizerStep;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A policy of which each process of its {@link Policy#processGroup} has a copy, and which they
 * train together: data parallelism that is exact for every objective.
 *
 * <p>The log-probabilities of all parts are gathered, so that each process evaluates the objective
 * on the whole batch, whatever couples its examples, and goes back through its own part. The
 * engine's {@link Policy#step} adds up the gradients. Each process runs the same program on the
 * same examples; what it computes outside of the engine is the same everywhere.
 *
 * <p>Beside {@link #score} and {@link #generate}, {@link #accumulate} and {@link #step} are
 * collective, and so is {@link #saveState} together with {@link #contributeState}. So are the first
 * two of the reference.
 */
public final class DataParallelPolicy extends DataParallelModel implements Policy {

  private final Policy policy;
  private final ProcessGroup group;

  private DataParallelPolicy(Policy policy, ProcessGroup group) {
    super(policy, group);
    this.policy = policy;
    this.group = group;
  }

  /**
   * The policy shared by its group, or just this process's copy if it is alone.
   *
   * @param policy this process's copy; closed with the result
   */
  public static Policy of(Policy policy) {
    requireNonNull(policy, "policy");
    ProcessGroup group = policy.processGroup();
    return group.size() == 1 || policy instanceof DataParallelPolicy
        ? policy
        : new DataParallelPolicy(policy, group);
  }

  @Override
  public ProcessGroup processGroup() {
    return group;
  }

  @Override
  void requireReference(Set<TokenStatistic> statistics) {
    if (statistics.contains(TokenStatistic.DIVERGENCE) && !hasReference()) {
      throw ReferenceModel.missing();
    }
  }

  @Override
  public void accumulate(
      PreferenceBatch batch, Set<TokenStatistic> statistics, Objective objective) {
    requireNonNull(objective, "objective");
    batch.requireKnown(vocabularySize());
    requireReference(statistics);
    BatchParts parts = BatchParts.of(batch, group.size());
    Optional<PreferenceBatch> part = parts.part(group.rank());
    if (part.isPresent()) {
      policy.accumulate(
          part.get(),
          statistics,
          scores ->
              mine(parts, gather(parts, Optional.of(scores), statistics).gradientOf(objective)));
    } else { // the objective may score under the reference, which takes all ranks
      gather(parts, Optional.empty(), statistics).gradientOf(objective);
    }
  }

  private TokenGradient mine(BatchParts parts, TokenGradient whole) {
    double[] divergence = whole.divergence();
    return new TokenGradient(
        parts.slice(whole.logProbs(), group.rank()),
        divergence.length == 0 ? divergence : parts.slice(divergence, group.rank()));
  }

  @Override
  public double step(OptimizerStep step) {
    return policy.step(step);
  }

  @Override
  public void trainOnly(Set<String> parameters) {
    policy.trainOnly(parameters);
  }

  @Override
  public void discardGradients() {
    policy.discardGradients();
  }

  @Override
  public void copyToReference() {
    policy.copyToReference();
  }

  @Override
  public boolean hasReference() {
    return policy.hasReference();
  }

  @Override
  public LanguageModel reference() {
    return DataParallelModel.of(policy.reference(), group);
  }

  @Override
  public void mixReference(double weight) {
    policy.mixReference(weight);
  }

  @Override
  public double referenceDistance() {
    return policy.referenceDistance();
  }

  @Override
  public void save(Path folder) {
    policy.save(folder);
  }

  @Override
  public String computation() {
    return policy.computation();
  }

  @Override
  public void saveState(Path folder) {
    policy.saveState(folder);
  }

  @Override
  public void contributeState() {
    policy.contributeState();
  }

  @Override
  public void loadState(Path folder) {
    policy.loadState(folder);
  }
}
