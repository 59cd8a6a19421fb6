package io.github.tralign.train;

/**
 * The learning rate after the warm-up, as a factor of the learning rate that was set.
 *
 * <p>The shapes are those of transformers' {@code get_scheduler}: the first step of a warm-up over
 * W steps has the factor 0, the k-th (k − 1)/W.
 */
@FunctionalInterface
public interface Schedule {

  /**
   * The factor of one step after the warm-up.
   *
   * @param step steps done since the warm-up, from 0
   * @param steps length of the run without its warm-up, more than {@code step}
   * @param warmupSteps length of the warm-up
   * @return a factor ≥ 0
   */
  double factor(long step, long steps, long warmupSteps);

  /** The same learning rate throughout. */
  static Schedule constant() {
    return (step, steps, warmupSteps) -> 1;
  }

  /** In a straight line to 0. */
  static Schedule linear() {
    return (step, steps, warmupSteps) -> 1 - (double) step / steps;
  }

  /** Along half a cosine to 0. */
  static Schedule cosine() {
    return (step, steps, warmupSteps) -> 0.5 * (1 + Math.cos(Math.PI * step / steps));
  }

  /**
   * By one over the square root of the steps, {@code √(T / (T + step))}, whatever the length of the
   * run. T is the length of the warm-up, or 10,000 without one.
   */
  static Schedule inverseSqrt() {
    return (step, steps, warmupSteps) -> {
      double scale = warmupSteps > 0 ? warmupSteps : 10_000;
      return Math.sqrt(scale / (scale + step));
    };
  }

  /**
   * The same schedule from 1 to a least factor in place of 0.
   *
   * @param least in [0, 1]
   * @throws IllegalArgumentException if it is not
   */
  default Schedule withMinimum(double least) {
    if (!(least >= 0 && least <= 1)) {
      throw new IllegalArgumentException("the least factor must lie in [0, 1], not be " + least);
    }
    return (step, steps, warmupSteps) -> least + (1 - least) * factor(step, steps, warmupSteps);
  }

  /**
   * The factor of one step, warm-up included.
   *
   * @param step steps done before this one, from 0
   * @param warmupSteps length of the warm-up
   * @param totalSteps length of the run, warm-up included
   */
  default double factorAt(long step, long warmupSteps, long totalSteps) {
    if (step < warmupSteps) {
      return (double) step / warmupSteps;
    }
    return factor(step - warmupSteps, Math.max(1, totalSteps - warmupSteps), warmupSteps);
  }
}
