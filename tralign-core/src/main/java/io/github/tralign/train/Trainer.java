package io.github.tralign.train;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.data.Batch;
import io.github.tralign.data.Batches;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.TokenWeights;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Aligns a policy with preference data.
 *
 * <pre>{@code
 * Trainer.builder().policy(policy).data(pairs).loss(TR.dpo(0.05)).reference(soft(0.6)).build().train();
 * }</pre>
 *
 * <p>{@link #train} is the whole method: next batch, the reference's log-probabilities, the loss's
 * gradient into the policy, the optimizer's step, and then the reference moves.
 */
public final class Trainer {

  private final TrainerSettings settings;
  private final Policy policy;
  private final AlignmentLoss loss;
  private final CheckedRule rule;
  private final Batches batches;
  private final StepExamples examples;
  private final long totalSteps;
  private volatile boolean stopping;

  Trainer(TrainerSettings settings) {
    this.settings = settings;
    this.policy = settings.policy();
    this.loss = settings.loss();
    this.rule = new CheckedRule(settings.reference());
    this.batches = settings.data().batches(settings.batches(), settings.exampleCheck());
    this.examples =
        new StepExamples(
            loss.usesMismatched(), Math.min(settings.data().maxLength(), policy.maxLength()));
    this.totalSteps = settings.optimizer().plan().steps(batches.stepsPerEpoch());
  }

  /** Settings in any order; {@link TrainerBuilder#build} tells what is missing. */
  public static TrainerBuilder builder() {
    return new TrainerBuilder();
  }

  /**
   * What people should know before they train, a sentence each; training is possible all the same.
   */
  public ImmutableList<String> warnings() {
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    warnings.addAll(settings.data().warnings(loss));
    if (loss.usesMismatched() && settings.batches().size() == 1) {
      warnings.add(
          loss.name()
              + ": a batch of 1 has no completion of another row to estimate the divergence on,"
              + " which is then taken to be 0");
    }
    warnings.addAll(settings.optimizer().plan().warnings(totalSteps));
    return warnings.build();
  }

  /**
   * Asks {@link #train} to stop after the step that it is at, with a checkpoint if it has a folder
   * for them; {@link TrainingResult#completed} says that it did. May be called from any thread. A
   * stop is for the run that is under way, or else for the next one, which then does no step; the
   * one after that trains.
   */
  public void stop() {
    stopping = true;
  }

  /**
   * Trains for the steps that were set, from the policy's present weights, which are the initial
   * policy and the first reference. Optimizer moments that the policy already has are used on. A
   * run that is resumed goes on from its checkpoint instead, whatever the policy's weights are.
   *
   * <p>The policy is the trainer's alone until this returns, and stays open: whoever loaded it
   * closes it. A second call is another run from the weights of then.
   *
   * @throws IllegalStateException if a trainer is training the policy, or the policy is closed
   * @throws IllegalArgumentException if the folder for checkpoints has those of another run
   * @throws TrainingException if the loss or the gradient is not finite, and the step is not to be
   *     skipped; the weights are then those before that step. Or if all steps were skipped
   * @throws io.github.tralign.policy.NonFiniteWeightsException if a checkpoint is due and the
   *     weights have become NaN or infinite; earlier checkpoints are kept
   * @throws java.io.UncheckedIOException if a checkpoint cannot be written
   * @throws io.github.tralign.InvalidInputException if a stream comes to an invalid file or row
   */
  public TrainingResult train() {
    try (PolicyOwner owned = PolicyOwner.of(policy);
        batches) {
      settings.checkpoints().check();
      return trainOnBatches();
    } finally {
      stopping = false;
    }
  }

  private TrainingResult trainOnBatches() {
    ReferenceScores reference = referenceScores();
    RunParts parts = parts(reference);
    GradientAccumulator gradients = parts.gradients();
    Evaluations evaluations = parts.evaluations();
    Supplier<RunSettings> described = // which hashes all tokens: once a run
        Suppliers.memoize(() -> RunSettings.of(settings, reference.kind(), totalSteps));
    RunState from = beginOrGoOn(parts, described);
    policy.trainOnly(settings.optimizer().groups().trained(policy.parameters()));
    RunRecord record = new RunRecord(settings.listeners(), from);
    RunCheckpoints checkpoints = new RunCheckpoints(settings);
    Supplier<RunState> state = () -> parts.state(described.get(), record);
    checkpoints.begin(from.step());
    record.start(plan(from.step(), reference.secondCopy()));

    for (long step = from.step() + 1;
        step <= totalSteps && !stopping && !evaluations.exhausted();
        step++) {
      batches.forgetBefore(step);
      Batch batch = batches.at(step);
      reference.beforeStep(batch);
      if (stopping) {
        break; // what was to be scored ahead may not be
      }
      record.startStep();

      BatchMetrics measured = gradients.accumulate(batch);
      OptimizerStep optimizer = settings.optimizer().at(step, totalSteps);
      double gradNorm = update(measured.loss(), optimizer);
      boolean passed = parts.skipped().passes(batch, measured, gradNorm);

      StepMetrics metrics =
          record
              .measured(
                  batch,
                  settings.data().epochAfter(step, batches.stepsPerEpoch()),
                  measured,
                  gradNorm,
                  optimizer)
              .with(parts.skipped().figures());
      double weight;
      if (passed) {
        metrics = metrics.with(rule.memoryAfter(metrics, record.lastPassed()));
        weight = rule.weightAfter(metrics);
      } else {
        gradients.forgetLast();
        weight = promisedAfter(step);
      }
      reference.afterStep(step, weight);
      record.endStep();
      Map<String, Double> evaluated = evaluations.afterStep(step, gradients.memory());
      boolean ends = step == totalSteps || evaluations.exhausted();
      record.tell(metrics, passed, weight, initial(parts.probe(), step, ends, measured), evaluated);
      checkpoints.afterStep(step, evaluations.bestStep(), state);
    }
    long done = record.last().step();
    boolean early = evaluations.exhausted() && done < totalSteps;
    boolean completed = early || done == totalSteps;
    if (completed) {
      parts.skipped().requireOnePassed(done);
    } else {
      checkpoints.beforeStop(done, evaluations.bestStep(), state);
    }
    return record.end(completed, early, parts);
  }

  /**
   * Gives the policy what a checkpoint holds of it, such as the weights of the best evaluation
   * after a run: {@code store.whole(result.best().orElseThrow().step())}.
   */
  public void restore(Checkpoint checkpoint) {
    Path state = checkpoint.path().resolve(RunCheckpoints.POLICY);
    try (PolicyOwner owned = PolicyOwner.of(policy)) {
      policy.loadState(state);
    }
  }

  private RunParts parts(ReferenceScores reference) {
    return new RunParts(
        batches,
        reference,
        initialProbe(reference.secondCopy()),
        new Evaluations(settings.evaluation(), evaluation(), loss.usesReference(), totalSteps),
        new GradientAccumulator(
            policy, loss, examples, reference, settings.batches().microBatchTokens()),
        new SkippedSteps(settings.onNan(), settings.listeners()));
  }

  /** Begins with what the policy is now, or takes up where the checkpoint's run was. */
  private RunState beginOrGoOn(RunParts parts, Supplier<RunSettings> described) {
    Optional<Checkpoint> resumed = settings.checkpoints().resumed();
    if (resumed.isEmpty()) {
      policy.discardGradients(); // of a run that ended within a step
      parts.begin();
      return RunState.start();
    }
    RunState from = RunState.read(resumed.get());
    described
        .get()
        .requireSame(
            RunSettings.before(from, settings.optimizer().plan(), totalSteps),
            from.window().end() > 0,
            settings.checkpoints().resumeAnyway());
    settings
        .listeners()
        .forEach(it -> it.onResume(resumed.get(), settings.checkpoints().resumeAnyway()));
    if (passOver(from)) {
      parts.goOn(from);
    }
    policy.loadState(resumed.get().path().resolve(RunCheckpoints.POLICY));
    return from;
  }

  /**
   * Reads what a run on a stream has seen once more, and makes sure that it is the same; gives
   * whether it was not told to stop.
   */
  private boolean passOver(RunState from) {
    for (long step = 1; settings.data().isStreamed() && step <= from.step(); step++) {
      batches.at(step);
      batches.forgetBefore(step + 1);
      tellOfPassing(step, from.step());
      if (stopping) {
        return false;
      }
    }
    if (from.window().end() > 0 || !settings.checkpoints().resumeAnyway()) {
      batches.requireRead(from.stream());
    }
    return true;
  }

  private void tellOfPassing(long done, long total) {
    settings.listeners().forEach(it -> it.onPassingOver(done, total));
  }

  /**
   * Where the reference's log-probabilities come from: as the rule's promise allows, unless the
   * loss needs the reference's weights themselves, or rows to score are not read before the end.
   */
  private ReferenceScores referenceScores() {
    if (!loss.usesReference()) {
      return new NoReference();
    }
    Scoring scoring = new Scoring(loss);
    return loss.usesDivergence() || nextCopy().isEmpty() || settings.data().isStreamed() && fixed()
        ? new SecondCopy(policy, scoring)
        : new ScoredAhead(
            policy,
            scoring,
            rule,
            batches,
            examples,
            totalSteps,
            settings.batches().microBatchTokens(),
            kept(),
            this::scored);
  }

  private boolean scored(long done, long total) {
    settings.listeners().forEach(it -> it.onReferenceScoring(done, total));
    return !stopping;
  }

  private void measured(long done, long total) {
    settings.listeners().forEach(it -> it.onMeasuring(done, total));
  }

  /**
   * Where log-probabilities are kept for the next run: those of a reference that never moves, and
   * whose tokens all count the same.
   */
  private Optional<CacheFolder> kept() {
    return settings
        .cache()
        .filter(
            it -> rule.rule() instanceof FixedReference && loss.tokenWeights() == TokenWeights.ONE);
  }

  /** The rule's first promise; it tells whether the rule can make any. */
  private OptionalLong nextCopy() {
    return rule.nextCopyAfter(0, batches.stepsPerEpoch());
  }

  /**
   * Lets the optimizer do its step, unless the loss is not finite; where the gradient is not, it
   * does nothing by itself.
   *
   * @return the norm of the gradient
   */
  private double update(double lossValue, OptimizerStep optimizer) {
    if (!Double.isFinite(lossValue)) {
      policy.discardGradients();
      return Double.NaN;
    }
    return policy.step(optimizer);
  }

  /**
   * The weight after a step that was skipped. Its measurements are none to ask a rule about, so the
   * reference stays, but for a copy that the rule promised whatever they are.
   */
  private double promisedAfter(long step) {
    return rule.nextCopyAfter(step - 1, batches.stepsPerEpoch()).orElse(0) == step ? 1 : 0;
  }

  /** A reference that never moves is the initial policy itself. */
  private boolean fixed() {
    return nextCopy().orElse(0) == ReferencePolicy.NEVER;
  }

  private @Nullable InitialProbe initialProbe(boolean secondCopy) {
    return settings.probe().every() == 0 || !loss.usesReference() || fixed()
        ? null
        : new InitialProbe(
            policy,
            loss,
            new PreferenceBatch(settings.probe().examples()),
            settings.batches().microBatchTokens(),
            secondCopy,
            this::measured);
  }

  private @Nullable Evaluation evaluation() {
    if (!settings.evaluation().asked()) {
      return null;
    }
    PreferenceData data = PreferenceData.of(settings.evaluation().examples());
    Batches inOrder = Batches.inOrder(data, settings.batches().size());
    return new Evaluation(
        policy, loss, inOrder, examples, settings.batches().microBatchTokens(), this::measured);
  }

  private Map<String, Double> initial(
      @Nullable InitialProbe probe, long step, boolean ends, BatchMetrics measured) {
    if (probe != null && (step % settings.probe().every() == 0 || ends)) {
      return probe.measure();
    }
    return loss.usesReference() && fixed() ? InitialProbe.named(measured) : ImmutableMap.of();
  }

  private TrainingPlan plan(long stepsDone, boolean secondCopy) {
    return new TrainingPlan(
        batches.examples(),
        batches.stepsPerEpoch(),
        totalSteps,
        stepsDone,
        loss.name(),
        loss.usesReference() ? rule.toString() : "none",
        secondCopy);
  }
}
