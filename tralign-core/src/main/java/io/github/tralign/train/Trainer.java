package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.data.Batch;
import io.github.tralign.data.Batches;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.Policy;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * Aligns a policy with preference data.
 *
 * <pre>{@code
 * Trainer.builder().policy(policy).data(pairs).loss(TR.dpo(0.05)).reference(soft(0.6)).build().train();
 * }</pre>
 *
 * <p>A step takes the next batch, scores it under the reference, brings the loss's gradient into
 * the policy, lets the optimizer update the weights, and then moves the reference.
 */
public final class Trainer {

  private final TrainerSettings settings;
  private final Batches batches;
  private final long totalSteps;
  private volatile boolean stopping;

  Trainer(TrainerSettings settings) {
    this.settings = settings;
    this.batches = settings.data().batches(settings.batches(), settings.exampleCheck());
    this.totalSteps = settings.optimizer().plan().steps(batches.stepsPerEpoch());
  }

  /** Settings in any order; {@link TrainerBuilder#build} reports what is missing. */
  public static TrainerBuilder builder() {
    return new TrainerBuilder();
  }

  /** What people should know before they train, a sentence each. None of it prevents training. */
  public ImmutableList<String> warnings() {
    AlignmentLoss loss = settings.loss();
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    warnings.addAll(settings.data().warnings(loss));
    if (loss.usesMismatched() && settings.batches().size() == 1) {
      warnings.add(
          loss.name()
              + ": a batch of 1 has no completion of another row to estimate the divergence on,"
              + " which is then taken to be 0");
    }
    warnings.addAll(settings.optimizer().plan().warnings(totalSteps));
    lag().warning(loss).ifPresent(warnings::add);
    return warnings.build();
  }

  /**
   * The mean lag of the reference behind the policy over the run, in steps: {@link
   * io.github.tralign.reference.ReferencePolicy#meanLag}. Empty if it is not known before the run,
   * or the loss uses no reference.
   */
  public OptionalDouble meanLag() {
    return settings.loss().usesReference() ? lag().mean() : OptionalDouble.empty();
  }

  private ReferenceLag lag() {
    return new ReferenceLag(settings.reference(), totalSteps, batches.stepsPerEpoch());
  }

  /**
   * Asks {@link #train} to stop after the step in progress, with a checkpoint if it has a folder
   * for them; {@link TrainingResult#completed} is false then. May be called from any thread, and on
   * any of the processes that train the policy: all stop after the same step. Where no run is in
   * progress, the next one does no step, and the one after that trains.
   */
  public void stop() {
    stopping = true;
  }

  /**
   * Trains for the steps that were set. The policy's present weights are the initial policy and the
   * first reference; optimizer moments that it has already are used. A run that is resumed takes
   * all of that from its checkpoint instead.
   *
   * <p>Where several processes train the policy, all call this method with the same settings, data
   * and weights, which is checked, and have the same results. Each computes a part of every batch.
   * Only rank 0 notifies listeners and writes checkpoints, which all must be able to read. If
   * training fails on one process, it leaves the group, so that the others fail too.
   *
   * <p>The policy is the trainer's alone until this returns, and stays open: whoever loaded it
   * closes it. A second call is another run from the weights of then.
   *
   * @throws IllegalStateException if a trainer is training the policy, or the policy is closed
   * @throws io.github.tralign.InvalidSettingException if the folder for checkpoints has those of
   *     another run
   * @throws TrainingException if the loss or the gradient is not finite, and the step is not to be
   *     skipped; the weights are then those before that step. Or if all steps were skipped
   * @throws io.github.tralign.policy.NonFiniteWeightsException if a checkpoint is due and the
   *     weights have become NaN or infinite; earlier checkpoints are kept
   * @throws java.io.UncheckedIOException if a checkpoint cannot be written
   * @throws io.github.tralign.InvalidInputException if a stream comes to an invalid file or row,
   *     the checkpoint is of a run with other settings, or settings, data or weights of another
   *     process differ
   * @throws io.github.tralign.distributed.ProcessGroupException if another process has failed
   */
  public TrainingResult train() {
    try (PolicyOwner owned = PolicyOwner.of(settings.policy());
        batches) {
      return trainAlone();
    }
  }

  /** A call that is refused, since a run is in progress, must not forget that run's stop. */
  private TrainingResult trainAlone() {
    TrainerSettings here = settings.ofProcess();
    Agreement agreement = new Agreement(here);
    BooleanSupplier asked = () -> agreement.any(stopping);
    try {
      settings.checkpoints().check();
      return train(RunComponents.of(here, batches, totalSteps, agreement, asked));
    } catch (RuntimeException | Error e) {
      agreement.leave(e); // the other processes would wait for this one
      throw e;
    } finally {
      stopping = false;
    }
  }

  private TrainingResult train(RunComponents run) {
    CheckedReferenceRule rule = run.rule();
    ReferenceScores reference = run.reference();
    GradientAccumulator gradients = run.gradients();
    SkippedSteps skipped = run.skipped();
    Evaluations evaluations = run.evaluations();
    Agreement agreement = run.agreement();
    BooleanSupplier asked = run.stopping();
    RunState from = run.beginOrResume();
    StepMetricsCollector record = new StepMetricsCollector(run, from);
    CheckpointWriting checkpoints = new CheckpointWriting(run, () -> run.state(record));
    settings.optimizer().freeze(settings.policy());
    checkpoints.begin(from.step());
    record.start(run.plan(from.step()));
    run.samples().begin(from.step());

    for (long step = from.step() + 1;
        step <= totalSteps && !asked.getAsBoolean() && !evaluations.exhausted();
        step++) {
      batches.forgetBefore(step);
      Batch batch = batches.at(step);
      agreement.requireSameRows(batch);
      reference.beforeStep(batch);
      if (asked.getAsBoolean()) {
        break; // what was to be scored ahead may not be
      }
      record.startStep();
      BatchMetrics measured = gradients.accumulate(batch);
      OptimizerStep optimizer = settings.optimizer().at(step, totalSteps);
      double gradNorm = gradients.apply(optimizer, measured);
      boolean passed = skipped.passes(batch, measured, gradNorm);
      StepMetrics metrics =
          record.measured(batch, measured, gradNorm, optimizer).with(skipped.metrics());
      double weight;
      if (passed) {
        metrics = metrics.with(rule.memoryAfter(metrics, record.lastPassed()));
        weight = rule.weightAfter(metrics);
      } else {
        gradients.forgetLast();
        weight = rule.promisedAfter(step);
      }
      reference.afterStep(step, weight);
      record.endStep();
      Map<String, Double> evaluated = evaluations.afterStep(step, gradients.memory());
      boolean last = step == totalSteps || evaluations.exhausted();
      Map<String, Double> probed = run.probe().afterStep(step, last, measured);
      Map<String, Double> sampled = run.samples().afterStep(step, last);
      record.publish(metrics, passed, weight, probed, sampled, evaluated);
      agreement.afterStep(step);
      checkpoints.afterStep(step, evaluations.bestStep());
    }
    long done = record.last().step();
    boolean early = evaluations.exhausted() && done < totalSteps;
    boolean completed = early || done == totalSteps;
    if (completed) {
      skipped.requireOnePassed(done);
    } else {
      checkpoints.beforeStop(done, evaluations.bestStep());
    }
    TrainingResult result = record.end(completed, early, run);
    agreement.awaitAll();
    return result;
  }

  /**
   * Restores the policy's part of a checkpoint, such as the weights of the best evaluation after a
   * run: {@code store.whole(result.best().orElseThrow().step())}.
   */
  public void restore(Checkpoint checkpoint) {
    Path state = checkpoint.path().resolve(CheckpointWriting.POLICY);
    Policy policy = settings.policy();
    try (PolicyOwner owned = PolicyOwner.of(policy)) {
      policy.loadState(state);
    }
  }
}
