package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.policy.AdamW;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link Trainer}, in any order. {@link #policy}, {@link #data} and {@link #loss}
 * are needed; everything else has the default that its method names.
 *
 * <p>A value outside its range is refused by its method; what is missing or does not fit together
 * is told by {@link #build}.
 */
public final class TrainerBuilder {

  private static final int DEFAULT_PROBE = 64;

  private @Nullable Policy policy;
  private @Nullable AlignmentLoss loss;
  private @Nullable ReferencePolicy reference;
  private @Nullable ImmutableList<Example> probe;
  ImmutableList<Example> data = ImmutableList.of();
  int maxLength = Integer.MAX_VALUE;
  double learningRate = 1e-6;
  AdamW adamW = AdamW.ofDefaults();
  double maxGradNorm = 1;
  Schedule schedule = Schedule.constant();
  private long warmupSteps;
  private double warmupRatio;
  int epochs = 1;
  long maxSteps;
  int batchSize = 8;
  int microBatchTokens = 4096;
  boolean shuffle = true;
  long seed = 42;
  int probeEvery = 50;
  @Nullable CheckpointStore checkpoints;
  long checkpointEvery;
  int keepLast = 1;
  @Nullable Checkpoint resumed;
  boolean resumeAnyway;
  ImmutableMap<String, String> provenance = ImmutableMap.of();
  @Nullable CacheFolder cache;
  List<TrainingListener> listeners = new ArrayList<>();

  TrainerBuilder() {}

  /** The policy to train. It is the initial policy and the first reference too. */
  public TrainerBuilder policy(Policy policy) {
    this.policy = policy;
    return this;
  }

  /** The data to train on. */
  public TrainerBuilder data(PreferenceData data) {
    data(data.examples());
    this.maxLength = data.maxLength();
    return this;
  }

  /** The examples to train on; at least one. */
  public TrainerBuilder data(Iterable<Example> examples) {
    this.data = ImmutableList.copyOf(examples);
    this.maxLength = Integer.MAX_VALUE;
    return this;
  }

  /** The loss, such as {@code TR.dpo(0.05)}. */
  public TrainerBuilder loss(AlignmentLoss loss) {
    this.loss = loss;
    return this;
  }

  /** How the reference moves, such as {@code TR.soft(0.6)}. Default: it does not. */
  public TrainerBuilder reference(ReferencePolicy reference) {
    this.reference = reference;
    return this;
  }

  /** The learning rate after the warm-up, ≥ 0. Default 1e-6. */
  public TrainerBuilder learningRate(double learningRate) {
    require(
        learningRate >= 0 && Double.isFinite(learningRate), "learning rate", ">= 0", learningRate);
    this.learningRate = learningRate;
    return this;
  }

  /** The optimizer's settings. Default {@link AdamW#ofDefaults()}. */
  public TrainerBuilder optimizer(AdamW adamW) {
    this.adamW = adamW;
    return this;
  }

  /** The global norm that gradients are clipped to, &gt; 0; infinite for none. Default 1. */
  public TrainerBuilder maxGradNorm(double maxGradNorm) {
    require(maxGradNorm > 0, "maximal gradient norm", "> 0", maxGradNorm);
    this.maxGradNorm = maxGradNorm;
    return this;
  }

  /** The course of the learning rate. Default {@link Schedule#constant()}. */
  public TrainerBuilder schedule(Schedule schedule) {
    this.schedule = schedule;
    return this;
  }

  /** Steps over which the learning rate rises from 0, ≥ 0. Default 0. */
  public TrainerBuilder warmupSteps(long warmupSteps) {
    require(warmupSteps >= 0, "number of warm-up steps", ">= 0", warmupSteps);
    this.warmupSteps = warmupSteps;
    this.warmupRatio = 0;
    return this;
  }

  /**
   * The warm-up as a share of the run's steps, in [0, 1], rounded up to whole steps. It and {@link
   * #warmupSteps} replace each other.
   */
  public TrainerBuilder warmupRatio(double ratio) {
    require(ratio >= 0 && ratio <= 1, "share of warm-up steps", "in [0, 1]", ratio);
    this.warmupRatio = ratio;
    this.warmupSteps = 0;
    return this;
  }

  /** How often each example is seen, ≥ 1. Default 1. {@link #maxSteps} wins over it. */
  public TrainerBuilder epochs(int epochs) {
    require(epochs >= 1, "number of epochs", ">= 1", epochs);
    this.epochs = epochs;
    return this;
  }

  /** Length of the run in optimizer steps, ≥ 1, through as many epochs as it takes. */
  public TrainerBuilder maxSteps(long maxSteps) {
    require(maxSteps >= 1, "number of steps", ">= 1", maxSteps);
    this.maxSteps = maxSteps;
    return this;
  }

  /** Examples of an optimizer step, ≥ 1. Default 8. */
  public TrainerBuilder batchSize(int batchSize) {
    require(batchSize >= 1, "batch size", ">= 1", batchSize);
    this.batchSize = batchSize;
    return this;
  }

  /**
   * Packed tokens that are computed at once, ≥ 1: it bounds the memory and changes no result but
   * for rounding. An example that is longer is computed alone. Default 4096.
   */
  public TrainerBuilder microBatchTokens(int tokens) {
    require(tokens >= 1, "number of tokens of a micro-batch", ">= 1", tokens);
    this.microBatchTokens = tokens;
    return this;
  }

  /** Whether each epoch has an order of its own, drawn from the seed. Default true. */
  public TrainerBuilder shuffle(boolean shuffle) {
    this.shuffle = shuffle;
    return this;
  }

  /** The seed of everything that is drawn. Default 42. */
  public TrainerBuilder seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * The examples on which the distance from the initial policy is measured; at least one. Default:
   * the first 64 of the data.
   */
  public TrainerBuilder probe(Iterable<Example> examples) {
    this.probe = ImmutableList.copyOf(examples);
    return this;
  }

  /** Steps from one such measurement to the next; 0 for none. Default 50. */
  public TrainerBuilder probeEvery(int steps) {
    require(steps >= 0, "number of steps between probes", ">= 0", steps);
    this.probeEvery = steps;
    return this;
  }

  /**
   * Where checkpoints go: those of {@link #checkpointEvery}, and one where {@link Trainer#stop}
   * ends the run. Default: there are none.
   */
  public TrainerBuilder checkpoints(CheckpointStore store) {
    this.checkpoints = store;
    return this;
  }

  /** Steps from one checkpoint to the next, ≥ 1; 0, the default, for none. */
  public TrainerBuilder checkpointEvery(long steps) {
    require(steps >= 0, "number of steps between checkpoints", ">= 0", steps);
    this.checkpointEvery = steps;
    return this;
  }

  /** How many checkpoints to keep, ≥ 1: the newest. Default 1. */
  public TrainerBuilder keepLast(int checkpoints) {
    require(checkpoints >= 1, "number of checkpoints to keep", ">= 1", checkpoints);
    this.keepLast = checkpoints;
    return this;
  }

  /**
   * Goes on from a checkpoint, such as {@code CheckpointStore.in(folder).newest(…)}: on one machine
   * and number of threads with the same results, bit for bit, as if the run had never ended. All
   * settings that decide on these must be the same; else {@link Trainer#train} refuses to begin.
   */
  public TrainerBuilder resume(Checkpoint checkpoint) {
    this.resumed = checkpoint;
    return this;
  }

  /**
   * Whether to resume with changed settings too, as far as the checkpoint has what that needs.
   * Default false.
   */
  public TrainerBuilder resumeAnyway(boolean anyway) {
    this.resumeAnyway = anyway;
    return this;
  }

  /**
   * What else must be the same for a run to be resumed, in words by name, such as a hash of the
   * model's files. Default: nothing.
   */
  public TrainerBuilder provenance(Map<String, String> words) {
    this.provenance = ImmutableMap.copyOf(words);
    return this;
  }

  /**
   * Keeps the log-probabilities of a fixed reference in a folder, and takes them from there in a
   * run with the same initial weights, batches and packing. Default: they are computed in each run.
   */
  public TrainerBuilder cache(CacheFolder folder) {
    this.cache = folder;
    return this;
  }

  /** Adds a listener. */
  public TrainerBuilder listener(TrainingListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * A trainer with these settings. Later calls on this builder do not change it.
   *
   * @throws IllegalStateException if a needed setting is missing
   * @throws IllegalArgumentException if settings do not fit together
   */
  public Trainer build() {
    Policy policy = required("policy(...)", this.policy);
    AlignmentLoss loss = required("loss(...)", this.loss);
    required("data(...)", data.isEmpty() ? null : data);
    if (!loss.usesReference() && reference != null && !(reference instanceof FixedReference)) {
      throw new IllegalArgumentException(
          String.format(
              "the loss %s uses no reference, so the reference %s would do nothing:"
                  + " leave one of them out",
              loss.name(), reference));
    }
    if (checkpointEvery > 0 && checkpoints == null) {
      throw new IllegalStateException("the trainer needs checkpoints(...) to go to");
    }
    if (checkpoints != null && resumed == null && !checkpoints.steps().isEmpty()) {
      throw new IllegalArgumentException(
          checkpoints.folder() + " has checkpoints already: resume them or choose another folder");
    }
    data.forEach(example -> check(example, policy, loss));
    probe().forEach(example -> check(example, policy, loss));
    return new Trainer(copy(), policy, loss, reference == null ? new FixedReference() : reference);
  }

  /** The examples to probe with. */
  ImmutableList<Example> probe() {
    return probe != null ? probe : data.subList(0, Math.min(DEFAULT_PROBE, data.size()));
  }

  /** The order in which the data is seen. */
  Batches batches() {
    PreferenceData all = PreferenceData.of(data);
    return shuffle ? Batches.shuffled(all, batchSize, seed) : Batches.inOrder(all, batchSize);
  }

  private TrainerBuilder copy() {
    TrainerBuilder copy = new TrainerBuilder();
    copy.probe = probe();
    copy.data = data;
    copy.maxLength = maxLength;
    copy.learningRate = learningRate;
    copy.adamW = adamW;
    copy.maxGradNorm = maxGradNorm;
    copy.schedule = schedule;
    copy.warmupSteps = warmupSteps;
    copy.warmupRatio = warmupRatio;
    copy.epochs = epochs;
    copy.maxSteps = maxSteps;
    copy.batchSize = batchSize;
    copy.microBatchTokens = microBatchTokens;
    copy.shuffle = shuffle;
    copy.seed = seed;
    copy.probeEvery = probeEvery;
    copy.checkpoints = checkpoints;
    copy.checkpointEvery = checkpointEvery;
    copy.keepLast = keepLast;
    copy.resumed = resumed;
    copy.resumeAnyway = resumeAnyway;
    copy.provenance = provenance;
    copy.cache = cache;
    copy.listeners = List.copyOf(listeners);
    return copy;
  }

  /** The length of the warm-up in a run of that length. */
  long warmupOf(long totalSteps) {
    return warmupRatio > 0 ? (long) Math.ceil(warmupRatio * totalSteps) : warmupSteps;
  }

  private static void check(Example example, Policy policy, AlignmentLoss loss) {
    loss.check(example);
    example.requireKnown(policy.vocabularySize());
    if (example.longestSequence() > policy.maxLength()) {
      throw new IllegalArgumentException(
          String.format(
              "%s has %d tokens, but the model takes at most %d",
              example.origin(), example.longestSequence(), policy.maxLength()));
    }
  }

  private static <T> T required(String setting, @Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the trainer needs " + setting);
    }
    return value;
  }

  private static void require(boolean holds, String name, String range, Number value) {
    if (!holds) {
      throw new IllegalArgumentException("the " + name + " must be " + range + ", not " + value);
    }
  }
}
