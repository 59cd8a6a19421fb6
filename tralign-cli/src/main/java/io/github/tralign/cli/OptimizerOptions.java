package io.github.tralign.cli;

import com.google.common.math.LongMath;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.train.TrainerBuilder;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Length of the run, learning rate and optimizer. */
final class OptimizerOptions {

  private static final double ROUNDING = 1e-6; // 0.7 * 10 is no more than 7

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "Learning rate after the warm-up. Default: 1e-6.")
  private double learningRate = 1e-6;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = {
        "How the learning rate changes over the steps: constant, linear, cosine or inverse-sqrt."
            + " Default: ${DEFAULT-VALUE}."
      })
  private ScheduleKind schedule = ScheduleKind.CONSTANT;

  @Option(
      names = "--min-learning-rate",
      paramLabel = "X",
      description = "Learning rate at the end of linear and cosine. Default: 0.")
  private @Nullable Double minLearningRate;

  @Option(
      names = "--warmup-steps",
      paramLabel = "N",
      description = "Steps over which the learning rate rises from 0. Default: 0.")
  private @Nullable Long warmupSteps;

  @Option(
      names = "--warmup-ratio",
      paramLabel = "X",
      description = "Warm-up as a share of all steps, in [0, 1]; instead of --warmup-steps.")
  private @Nullable Double warmupRatio;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the data, such as 3 or 0.5. Default: 1.")
  private @Nullable Double epochs;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description = "Optimizer steps, instead of --epochs. Default: those of --epochs.")
  private @Nullable Long maxSteps;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = {
        "Rows per optimizer step: pairs, or labelled completions. Default: ${DEFAULT-VALUE}."
      })
  private int batchSize = 8;

  @Option(
      names = "--shuffle",
      arity = "1",
      paramLabel = "true|false",
      description = "Whether the rows are shuffled anew in each epoch. Default: ${DEFAULT-VALUE}.")
  private boolean shuffle = true;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Random seed. Default: ${DEFAULT-VALUE}.")
  private long seed = 42;

  @Option(
      names = "--max-grad-norm",
      paramLabel = "X",
      description = "Gradients are clipped to this global norm. Default: ${DEFAULT-VALUE}.")
  private double maxGradNorm = 1;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      description = "Decoupled weight decay of AdamW. Default: ${DEFAULT-VALUE}.")
  private double weightDecay;

  @Option(
      names = "--adam-beta1",
      paramLabel = "X",
      description = "Decay rate of the first moment. Default: ${DEFAULT-VALUE}.")
  private double beta1 = 0.9;

  @Option(
      names = "--adam-beta2",
      paramLabel = "X",
      description = "Decay rate of the second moment. Default: ${DEFAULT-VALUE}.")
  private double beta2 = 0.999;

  @Option(
      names = "--adam-epsilon",
      paramLabel = "X",
      description = "Added to the root of the second moment. Default: 1e-8.")
  private double epsilon = 1e-8;

  long seed() {
    return seed;
  }

  boolean shuffles() {
    return shuffle;
  }

  /** Whether the length of the run is given in epochs. */
  boolean countsEpochs() {
    return epochs != null;
  }

  /** Whether the length of the run is given in steps. */
  boolean countsSteps() {
    return maxSteps != null;
  }

  /** Optimizer steps of a pass over so many rows. */
  long stepsPerEpoch(int rows) {
    return LongMath.divide(rows, batchSize, RoundingMode.CEILING);
  }

  /** Optimizer steps of a run on so many rows, as the trainer counts them. */
  long steps(int rows) {
    if (maxSteps != null) {
      return maxSteps;
    }
    double whole = (epochs == null ? 1 : epochs) * stepsPerEpoch(rows);
    return Math.max(1, (long) Math.ceil(whole - ROUNDING));
  }

  /** Sets these options; rejects what does not go together. */
  void applyTo(TrainerBuilder trainer) {
    trainer
        .learningRate(learningRate)
        .batchSize(batchSize)
        .shuffle(shuffle)
        .seed(seed)
        .maxGradNorm(maxGradNorm)
        .optimizer(new AdamW(beta1, beta2, epsilon, weightDecay));
    applySchedule(trainer);
    applyLength(trainer);
  }

  private void applySchedule(TrainerBuilder trainer) {
    if (warmupRatio == null) {
      long used = warmupSteps == null ? 0 : warmupSteps;
      warmupSteps = used; // for the record of the run
      trainer.warmupSteps(used);
    } else if (warmupSteps != null) {
      throw new Refusal(
          "--warmup-ratio", "cannot be used with --warmup-steps; leave one of them out");
    } else {
      trainer.warmupRatio(warmupRatio);
    }
    if (minLearningRate == null) {
      trainer.schedule(schedule.schedule);
    } else if (!schedule.endsAtZero()) {
      throw new Refusal(
          "--min-learning-rate",
          "has no effect with --schedule " + schedule + "; it is for linear and cosine");
    } else if (!(minLearningRate >= 0 && minLearningRate <= learningRate)) {
      throw new Refusal(
          "--min-learning-rate",
          "must lie between 0 and the learning rate, "
              + learningRate
              + ", not be "
              + minLearningRate);
    } else {
      double least = learningRate == 0 ? 0 : minLearningRate / learningRate;
      trainer.schedule(schedule.schedule.withMinimum(least));
    }
  }

  private void applyLength(TrainerBuilder trainer) {
    if (maxSteps == null) {
      double used = epochs == null ? 1 : epochs;
      epochs = used; // for the record of the run
      trainer.epochs(used);
    } else if (epochs != null) {
      throw new Refusal("--epochs", "cannot be used with --max-steps; leave one of them out");
    } else {
      trainer.maxSteps(maxSteps);
    }
  }
}
