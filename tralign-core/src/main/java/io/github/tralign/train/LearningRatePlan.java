package io.github.tralign.train;

import io.github.tralign.InvalidSettingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.immutables.value.Value;

/**
 * How long a run is, and how fast it learns on the way.
 *
 * @param learningRate after the warm-up
 * @param schedule of the learning rate
 * @param warmupSteps length of the warm-up, unless it is a share
 * @param warmupRatio share of the run that is warm-up; 0 where it is a number of steps
 * @param epochs how often each example is seen, unless the steps are given; once if it is not said
 * @param maxSteps length of the run, whatever the epochs
 */
@Value.Builder
record LearningRatePlan(
    double learningRate,
    Schedule schedule,
    long warmupSteps,
    double warmupRatio,
    OptionalDouble epochs,
    OptionalLong maxSteps)
    implements WithLearningRatePlan {

  private static final double ROUNDING = 1e-6; // 0.7 * 10 is no more than 7

  private static final double MOST_EPOCHS = 1e6; // so that steps are whole numbers without gaps

  LearningRatePlan {
    InvalidSettingException.require(
        learningRate >= 0 && Double.isFinite(learningRate),
        "learningRate",
        "the learning rate must be >= 0, not " + learningRate);
    InvalidSettingException.require(
        warmupSteps >= 0,
        "warmupSteps",
        "the number of warm-up steps must be >= 0, not " + warmupSteps);
    InvalidSettingException.require(
        warmupRatio >= 0 && warmupRatio <= 1,
        "warmupRatio",
        "the share of warm-up steps must be in [0, 1], not " + warmupRatio);
    double passes = epochs.orElse(1);
    InvalidSettingException.require(
        passes > 0 && passes <= MOST_EPOCHS,
        "epochs",
        "the number of epochs must be > 0 and at most 1,000,000, not " + passes);
    InvalidSettingException.require(
        maxSteps.orElse(1) >= 1,
        "maxSteps",
        "the number of steps must be >= 1, not " + maxSteps.orElse(1));
  }

  static LearningRatePlan ofDefaults() {
    return new LearningRatePlan(
        1e-6, Schedule.constant(), 0, 0, OptionalDouble.empty(), OptionalLong.empty());
  }

  /** Optimizer steps of the run; a part of one is a whole one. */
  long steps(long stepsPerEpoch) {
    return maxSteps.orElseGet(
        () -> Math.max(1, (long) Math.ceil(epochs.orElse(1) * stepsPerEpoch - ROUNDING)));
  }

  /** The length of the warm-up in a run of that length. */
  long warmup(long totalSteps) {
    return warmupRatio > 0 ? (long) Math.ceil(warmupRatio * totalSteps) : warmupSteps;
  }

  /** Whether the first steps learn the same in a run of another length. */
  boolean isSameUntil(long step, long totalSteps, long otherTotal) {
    for (long s = 1; s <= step; s++) {
      if (rateAt(s, totalSteps) != rateAt(s, otherTotal)) {
        return false;
      }
    }
    return true;
  }

  /** What people should know of it in a run of that length. */
  List<String> warnings(long totalSteps) {
    List<String> warnings = new ArrayList<>();
    if (warmup(totalSteps) > totalSteps) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the warm-up takes %d steps, but the run ends after %d: the learning rate never"
                  + " reaches %s",
              warmup(totalSteps),
              totalSteps,
              learningRate));
    }
    if (epochs.isPresent() && maxSteps.isPresent()) {
      warnings.add(
          "the number of epochs means nothing: the number of steps says how long the run is");
    }
    return warnings;
  }

  /** The learning rate of a step, the first being 1, in a run of that length. */
  double rateAt(long step, long totalSteps) {
    return learningRate * schedule.factorAt(step - 1, warmup(totalSteps), totalSteps);
  }
}
