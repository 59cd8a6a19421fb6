package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.TokenWeights;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.OptimizerStep;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

  private final TrainerBuilder settings;
  private final Policy policy;
  private final AlignmentLoss loss;
  private final ReferencePolicy rule;
  private final Batches batches;
  private final StepExamples examples;
  private final long totalSteps;

  Trainer(TrainerBuilder settings, Policy policy, AlignmentLoss loss, ReferencePolicy rule) {
    this.settings = settings;
    this.policy = policy;
    this.loss = loss;
    this.rule = rule;
    this.batches = settings.batches();
    this.examples =
        new StepExamples(
            batches, loss.usesMismatched(), Math.min(settings.maxLength, policy.maxLength()));
    this.totalSteps =
        settings.maxSteps > 0 ? settings.maxSteps : settings.epochs * batches.stepsPerEpoch();
  }

  /** Settings in any order; {@link TrainerBuilder#build} tells what is missing. */
  public static TrainerBuilder builder() {
    return new TrainerBuilder();
  }

  /** What people should know before they train, a sentence each; it keeps no one from training. */
  public ImmutableList<String> warnings() {
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    warnings.addAll(loss.warnings(settings.data));
    if (loss.usesMismatched() && settings.batchSize == 1) {
      warnings.add(
          loss.name()
              + ": a batch of 1 has no completion of another row to estimate the divergence on,"
              + " which is then taken to be 0");
    }
    return warnings.build();
  }

  /**
   * Trains for the steps that were set, from the policy's present weights, which are the initial
   * policy and the first reference. Optimizer moments that the policy already has are used on.
   *
   * @throws TrainingException if the loss or the gradient is not finite; the weights are then those
   *     before that step
   */
  public TrainingResult train() {
    policy.discardGradients(); // of a run that ended within a step
    ReferenceScores reference = referenceScores();
    InitialProbe probe = initialProbe();
    GradientAccumulator gradients =
        new GradientAccumulator(policy, loss, examples, reference, settings.microBatchTokens);
    RunRecord record = new RunRecord(settings.listeners);
    record.start(plan(reference.secondCopy()));

    for (long step = 1; step <= totalSteps; step++) {
      PreferenceBatch batch = batches.at(step - 1);
      reference.beforeStep(step - 1);
      record.startStep();

      BatchMetrics measured = gradients.accumulate(step - 1);
      requireFinite("loss", measured.loss(), step, batch);
      double learningRate = learningRate(step - 1);
      double gradNorm =
          policy.step(new OptimizerStep(learningRate, settings.maxGradNorm, settings.adamW));
      requireFinite("gradient norm", gradNorm, step, batch);

      StepMetrics metrics =
          withMemory(
              record.measured(step, epoch(step), batch, measured, gradNorm, learningRate),
              record.last());
      double weight = weightAfter(metrics);
      reference.afterStep(step, weight);
      record.endStep(metrics, weight, initial(probe, step, measured));
    }
    return record.end(reference.secondsAhead());
  }

  /**
   * Where the reference's log-probabilities come from: as the rule's promise allows, unless the
   * loss needs the reference's weights themselves.
   */
  private ReferenceScores referenceScores() {
    if (!loss.usesReference()) {
      return new NoReference();
    }
    Scoring scoring = new Scoring(loss);
    return loss.usesDivergence() || nextCopy().isEmpty()
        ? new SecondCopy(policy, scoring)
        : new ScoredAhead(
            policy,
            scoring,
            rule,
            examples,
            totalSteps,
            settings.microBatchTokens,
            kept(),
            (done, total) -> settings.listeners.forEach(it -> it.onReferenceScoring(done, total)));
  }

  /**
   * Where log-probabilities are kept for the next run: those of a reference that never moves, and
   * whose tokens all count the same.
   */
  private Optional<CacheFolder> kept() {
    return Optional.ofNullable(settings.cache)
        .filter(it -> rule instanceof FixedReference && loss.tokenWeights() == TokenWeights.ONE);
  }

  /** The rule's first promise; it tells whether the rule can make any. */
  private OptionalLong nextCopy() {
    return rule.nextCopyAfter(0, batches.stepsPerEpoch());
  }

  private StepMetrics withMemory(StepMetrics metrics, StepMetrics before) {
    return metrics.with(rule.memoryAfter(metrics, before));
  }

  private double weightAfter(StepMetrics metrics) {
    double weight = rule.weightAfter(metrics);
    if (!(weight >= 0 && weight <= 1)) {
      throw new TrainingException(
          String.format(
              "the reference rule %s asks for the weight %s after step %d; it must lie in [0, 1]",
              rule, weight, metrics.step()));
    }
    return weight;
  }

  /** A reference that never moves is the initial policy itself. */
  private boolean fixed() {
    return nextCopy().orElse(0) == ReferencePolicy.NEVER;
  }

  private @Nullable InitialProbe initialProbe() {
    ImmutableList<Example> probe = settings.probe();
    return settings.probeEvery == 0 || !loss.usesReference() || fixed()
        ? null
        : new InitialProbe(policy, loss, new PreferenceBatch(probe), settings.microBatchTokens);
  }

  private Map<String, Double> initial(
      @Nullable InitialProbe probe, long step, BatchMetrics measured) {
    if (probe != null && (step % settings.probeEvery == 0 || step == totalSteps)) {
      return probe.measure();
    }
    return loss.usesReference() && fixed() ? InitialProbe.named(measured) : ImmutableMap.of();
  }

  private double learningRate(long stepsDone) {
    return settings.learningRate
        * settings.schedule.factorAt(stepsDone, settings.warmupSteps, totalSteps);
  }

  private double epoch(long step) {
    return (double) step / batches.stepsPerEpoch();
  }

  private TrainingPlan plan(boolean secondCopy) {
    return new TrainingPlan(
        settings.data.size(),
        batches.stepsPerEpoch(),
        totalSteps,
        loss.name(),
        loss.usesReference() ? rule.toString() : "none",
        secondCopy);
  }

  private void requireFinite(String what, double value, long step, PreferenceBatch batch) {
    if (!Double.isFinite(value)) {
      policy.discardGradients();
      List<String> rows = new ArrayList<>();
      batch.examples().forEach(example -> rows.add(example.origin()));
      throw new TrainingException(
          String.format(
              "the %s of step %d is %s; the step's rows are %s", what, step, value, rows));
    }
  }
}
