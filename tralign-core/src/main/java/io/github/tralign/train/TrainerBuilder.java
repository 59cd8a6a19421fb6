package io.github.tralign.train;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link Trainer}, in any order. {@link #policy}, {@link #data} and {@link #loss}
 * are required; everything else has the default that its method names.
 *
 * <p>A value outside its range is rejected by its method with an {@link InvalidSettingException};
 * what is missing or does not fit together is reported by {@link #build}.
 */
public final class TrainerBuilder {

  private @Nullable Policy policy;
  private @Nullable AlignmentLoss loss;
  private @Nullable ExampleSource data;
  private ReferencePolicy reference = new FixedReference();
  private BatchSettings batches = BatchSettings.ofDefaults();
  private OptimizerSettings optimizer = OptimizerSettings.ofDefaults();
  private OnNan onNan = OnNan.STOP;
  private ProbeSettings probe = ProbeSettings.ofDefaults();
  private EvaluationSettings evaluation = EvaluationSettings.ofDefaults();
  private CheckpointSettings checkpoints = CheckpointSettings.ofDefaults();
  private @Nullable CacheFolder cache;
  private @Nullable SampleSettings samples;
  private int compareWeightsEvery = 100;
  private final List<TrainingListener> listeners = new ArrayList<>();

  TrainerBuilder() {}

  /**
   * The policy to train. It is the initial policy and the first reference too.
   *
   * <p>If the policy has a {@link Policy#processGroup} of several processes, each of them builds
   * its trainer with the same settings and calls {@link Trainer#train}; see there.
   */
  public TrainerBuilder policy(Policy policy) {
    this.policy = requireNonNull(policy, "policy");
    return this;
  }

  /** The data to train on. */
  public TrainerBuilder data(PreferenceData data) {
    requireNonNull(data, "data");
    this.data = new ExamplesInMemory(data.examples(), data.maxLength());
    return this;
  }

  /** The examples to train on; at least one. */
  public TrainerBuilder data(Iterable<Example> examples) {
    ImmutableList<Example> copy = ImmutableList.copyOf(requireNonNull(examples, "examples"));
    this.data = copy.isEmpty() ? null : new ExamplesInMemory(copy, Integer.MAX_VALUE);
    return this;
  }

  /**
   * Examples that are read while they are trained on: at least one in each pass. {@link #maxSteps}
   * is required. Examples are checked against loss and model when they are read, the first ones by
   * {@link #build}.
   *
   * <p>In memory are the examples of {@link #shuffleWindow}, those on their way to it, the step's
   * and, where a hard update's reference is scored ahead, those of the steps up to the next copy. A
   * fixed reference is kept as a second copy of the weights, since rows that are not yet read
   * cannot be scored. {@link #epochs}, {@link #cache} and rules that count epochs are rejected;
   * {@code epoch} is not among the metrics. A run that is resumed replays the stream: it reads
   * again, and skips, what it has seen.
   */
  public TrainerBuilder data(PreferenceStream stream) {
    this.data = new StreamedExamples(requireNonNull(stream, "stream"));
    return this;
  }

  /** The loss, such as {@code TR.dpo(0.05)}. */
  public TrainerBuilder loss(AlignmentLoss loss) {
    this.loss = requireNonNull(loss, "loss");
    return this;
  }

  /** How the reference moves, such as {@code TR.soft(0.6)}. Default: it does not. */
  public TrainerBuilder reference(ReferencePolicy reference) {
    this.reference = requireNonNull(reference, "reference");
    return this;
  }

  /**
   * The β that has the same effect with the {@link #reference} of this builder as {@code beta} has
   * with a fixed reference, so that rules can be changed without a new search for β: {@code beta ·
   * (steps/2)/L}, where L is the {@linkplain ReferencePolicy#meanLag mean lag} of the reference and
   * steps/2 that of a fixed one. Set data, reference, batch size and length before, as in {@code
   * builder.loss(TR.dpo(builder.lagScaledBeta(0.1)))}.
   *
   * @throws IllegalStateException if the data is missing, or the length of a stream
   * @throws InvalidSettingException if the lag is not known before the run, or is 0
   */
  public double lagScaledBeta(double beta) {
    ExampleSource source = required("data(...)", data);
    LearningRatePlan plan = optimizer.plan();
    source.requireLength(plan);
    try (Batches all = source.batches(batches, example -> {})) {
      long stepsPerEpoch = all.stepsPerEpoch();
      return new ReferenceLag(reference, plan.steps(stepsPerEpoch), stepsPerEpoch).scaled(beta);
    }
  }

  /** The learning rate after the warm-up, ≥ 0. Default 1e-6. */
  public TrainerBuilder learningRate(double learningRate) {
    return plan(optimizer.plan().withLearningRate(learningRate));
  }

  /** The optimizer's settings. Default {@link AdamW#ofDefaults()}. */
  public TrainerBuilder optimizer(AdamW adamW) {
    optimizer = optimizer.withAdamW(requireNonNull(adamW, "adamW"));
    return this;
  }

  /**
   * Parameters that are frozen, or learn or decay differently, such as {@code
   * ParameterGroups.of(ParameterGroup.frozen("*.layers.0.*")).decayed(WeightDecayScope.MATRICES)}.
   * Default: all are treated alike.
   */
  public TrainerBuilder groups(ParameterGroups groups) {
    optimizer = optimizer.withGroups(requireNonNull(groups, "groups"));
    return this;
  }

  /** The global norm that gradients are clipped to, &gt; 0; infinite for none. Default 1. */
  public TrainerBuilder maxGradNorm(double maxGradNorm) {
    optimizer = optimizer.withMaxGradNorm(maxGradNorm);
    return this;
  }

  /**
   * What to do at a step whose loss or gradient is not finite. Where such steps are skipped, a run
   * ends with an error all the same at the tenth in a row. Default {@link OnNan#STOP}.
   */
  public TrainerBuilder onNan(OnNan onNan) {
    this.onNan = requireNonNull(onNan, "onNan");
    return this;
  }

  /** The learning rate's schedule. Default {@link Schedule#constant()}. */
  public TrainerBuilder schedule(Schedule schedule) {
    return plan(optimizer.plan().withSchedule(schedule));
  }

  /** Steps over which the learning rate rises from 0, ≥ 0. Default 0. */
  public TrainerBuilder warmupSteps(long warmupSteps) {
    return plan(optimizer.plan().withWarmupSteps(warmupSteps).withWarmupRatio(0));
  }

  /**
   * The warm-up as a share of the run's steps, in [0, 1], rounded up to whole steps. It and {@link
   * #warmupSteps} replace each other.
   */
  public TrainerBuilder warmupRatio(double ratio) {
    return plan(optimizer.plan().withWarmupRatio(ratio).withWarmupSteps(0));
  }

  /**
   * How often each example is seen, &gt; 0, as in 0.5; a part of a step is a whole one. Default 1.
   * {@link #maxSteps} wins over it.
   */
  public TrainerBuilder epochs(double epochs) {
    return plan(optimizer.plan().withEpochs(epochs));
  }

  /** Length of the run in optimizer steps, ≥ 1, through as many epochs as it takes. */
  public TrainerBuilder maxSteps(long maxSteps) {
    return plan(optimizer.plan().withMaxSteps(maxSteps));
  }

  /** Examples of an optimizer step, ≥ 1. Default 8. */
  public TrainerBuilder batchSize(int batchSize) {
    batches = batches.withSize(batchSize);
    return this;
  }

  /**
   * Packed tokens that are computed at once, ≥ 1, by all processes together: it bounds the memory
   * and changes no result but for rounding. An example that is longer is computed alone. Default
   * 4096.
   */
  public TrainerBuilder microBatchTokens(int tokens) {
    batches = batches.withMicroBatchTokens(tokens);
    return this;
  }

  /** Whether each epoch has an order of its own, drawn from the seed. Default true. */
  public TrainerBuilder shuffle(boolean shuffle) {
    batches = batches.withShuffle(shuffle);
    return this;
  }

  /**
   * Examples of a stream out of which the next one is drawn, ≥ 0: the first step waits for so many,
   * and one is seen at most so many places before its own. 0 keeps their order. Default 10,000.
   */
  public TrainerBuilder shuffleWindow(int examples) {
    batches = batches.withWindow(examples);
    return this;
  }

  /** The random seed. Default 42. */
  public TrainerBuilder seed(long seed) {
    batches = batches.withSeed(seed);
    return this;
  }

  /**
   * The examples on which the distance from the initial policy is measured; at least one. Default:
   * the first 64 of the data.
   */
  public TrainerBuilder probe(Iterable<Example> examples) {
    ImmutableList<Example> chosen = ImmutableList.copyOf(requireNonNull(examples, "examples"));
    InvalidSettingException.require(
        !chosen.isEmpty(), "probe", "the number of examples of the probe must be >= 1, not 0");
    probe = probe.withChosen(chosen);
    return this;
  }

  /** Steps from one such measurement to the next; 0 for none. Default 50. */
  public TrainerBuilder probeEvery(int steps) {
    probe = probe.withEvery(steps);
    return this;
  }

  /**
   * Examples that are not trained on, to measure the loss and its metrics on. They are compared
   * with the initial policy, whatever the reference is. Default: none.
   */
  public TrainerBuilder evaluation(Iterable<Example> examples) {
    evaluation = evaluation.withExamples(requireNonNull(examples, "examples"));
    return this;
  }

  /**
   * Steps from one evaluation to the next, ≥ 1; 0, the default, for one after the last step only,
   * where there always is one.
   */
  public TrainerBuilder evaluationEvery(long steps) {
    evaluation = evaluation.withEvery(steps);
    return this;
  }

  /**
   * The metric by which one evaluation is better than another; against the initial policy, like all
   * metrics of an evaluation. Default {@link EvaluationMetric#LOSS}.
   */
  public TrainerBuilder bestMetric(EvaluationMetric metric) {
    evaluation = evaluation.withMetric(metric);
    return this;
  }

  /**
   * The run ends after so many evaluations in a row that are no better than the best before, ≥ 1;
   * 0, the default, for never. The learning rate's schedule stays that of the whole length.
   */
  public TrainerBuilder earlyStop(int evaluations) {
    evaluation = evaluation.withEarlyStop(evaluations);
    return this;
  }

  /**
   * Where checkpoints go: those of {@link #checkpointEvery} and of {@link #keepBest}, and one where
   * {@link Trainer#stop} ends the run. Default: there are none.
   */
  public TrainerBuilder checkpoints(CheckpointStore store) {
    checkpoints = checkpoints.withStore(requireNonNull(store, "store"));
    return this;
  }

  /** Steps from one checkpoint to the next, ≥ 1; 0, the default, for none. */
  public TrainerBuilder checkpointEvery(long steps) {
    checkpoints = checkpoints.withEvery(steps);
    return this;
  }

  /** How many checkpoints to keep, ≥ 1: the newest. Default 1. */
  public TrainerBuilder keepLast(int checkpoints) {
    this.checkpoints = this.checkpoints.withKeepLast(checkpoints);
    return this;
  }

  /**
   * Whether to write a checkpoint after each evaluation that is better than all before, and to keep
   * the latest of these beside the newest; {@link TrainingResult#best} has its step. Default false.
   */
  public TrainerBuilder keepBest(boolean keepBest) {
    checkpoints = checkpoints.withKeepBest(keepBest);
    return this;
  }

  /**
   * Resumes from a checkpoint, such as {@code CheckpointStore.in(folder).newest(…)}: on one machine
   * and number of threads with the same results, bit for bit, as if the run had never ended. All
   * settings that determine them must be the same; else {@link Trainer#train} rejects the
   * checkpoint. The run may be longer than it was, if that changes no learning rate of the steps
   * that are done.
   */
  public TrainerBuilder resume(Checkpoint checkpoint) {
    checkpoints = checkpoints.withResumed(requireNonNull(checkpoint, "checkpoint"));
    return this;
  }

  /**
   * Whether to resume with changed settings too, as far as the checkpoint has what that needs.
   * Default false.
   */
  public TrainerBuilder resumeAnyway(boolean anyway) {
    checkpoints = checkpoints.withResumeAnyway(anyway);
    return this;
  }

  /**
   * What else must be the same for a run to be resumed, by name, such as a hash of the model's
   * files. Default: nothing.
   */
  public TrainerBuilder provenance(Map<String, String> provenance) {
    checkpoints = checkpoints.withProvenance(requireNonNull(provenance, "provenance"));
    return this;
  }

  /**
   * Keeps the log-probabilities of a fixed reference in a folder, and takes them from there in a
   * run with the same initial weights, batches and packing. Default: they are computed in each run.
   */
  public TrainerBuilder cache(CacheFolder folder) {
    this.cache = requireNonNull(folder, "folder");
    return this;
  }

  /**
   * Completes prompts before the first step, during the run and after its last step; {@link
   * TrainingListener#onSamples} gets the completions, and the step's metrics {@code
   * samples/length}, {@code samples/ended} and {@code kl/initial}. Default: nothing is completed.
   */
  public TrainerBuilder samples(SampleSettings settings) {
    this.samples = requireNonNull(settings, "settings");
    return this;
  }

  /**
   * Where several processes train the policy: steps from one comparison of their weights to the
   * next; 0 for none but those at the start and before each checkpoint. Default 100.
   */
  public TrainerBuilder compareWeightsEvery(int steps) {
    InvalidSettingException.require(
        steps >= 0,
        "compareWeightsEvery",
        "the number of steps between comparisons of weights must be >= 0, not " + steps);
    compareWeightsEvery = steps;
    return this;
  }

  /** Adds a listener. */
  public TrainerBuilder listener(TrainingListener listener) {
    listeners.add(requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * A trainer with these settings. Later calls on this builder do not change it.
   *
   * @throws IllegalStateException if a required setting is missing
   * @throws InvalidSettingException if settings do not fit together
   * @throws IllegalArgumentException if the loss or the policy does not take an example, or the
   *     policy's parameters do not fit the groups
   */
  public Trainer build() {
    TrainerSettings settings =
        new TrainerSettings(
            required("policy(...)", policy),
            required("loss(...)", loss),
            reference,
            required("data(...)", data),
            batches,
            optimizer,
            onNan,
            probe,
            evaluation,
            checkpoints,
            Optional.ofNullable(cache),
            Optional.ofNullable(samples),
            compareWeightsEvery,
            ImmutableList.copyOf(listeners));
    ExampleCheck check = settings.exampleCheck();
    settings.data().check(settings, check);
    evaluation.examples().forEach(check);
    ProbeSettings chosen = probe.on(settings.data());
    chosen.examples().forEach(check);
    return new Trainer(settings.withProbe(chosen));
  }

  private TrainerBuilder plan(LearningRatePlan plan) {
    optimizer = optimizer.withPlan(plan);
    return this;
  }

  private static <T> T required(String setting, @Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the trainer needs " + setting);
    }
    return value;
  }
}
