package io.github.tralign.train;

/**
 * The course of the learning rate after the warm-up, as a factor of the learning rate that was set.
 *
 * <p>The shapes are those of transformers' {@code get_scheduler}: the first step of a warm-up over
 * W steps has the factor 0, the k-th (k − 1)/W.
 */
@FunctionalInterface
public interface Schedule {

  /**
   * The factor at a point of the run.
   *
   * @param progress share of the steps after the warm-up that are done, from 0 to below 1
   * @return a factor ≥ 0
   */
  double factor(double progress);

  /** The same learning rate throughout. */
  static Schedule constant() {
    return progress -> 1;
  }

  /** In a straight line to 0. */
  static Schedule linear() {
    return progress -> 1 - progress;
  }

  /** Along half a cosine to 0. */
  static Schedule cosine() {
    return progress -> 0.5 * (1 + Math.cos(Math.PI * progress));
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
    return factor((double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  }
}
