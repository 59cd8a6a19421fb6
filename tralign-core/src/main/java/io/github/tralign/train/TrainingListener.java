package io.github.tralign.train;

import io.github.tralign.metrics.StepMetrics;

/**
 * Watches a run. Called on the training thread; an exception that a listener throws ends the run.
 */
public interface TrainingListener {

  /** Training begins. */
  default void onStart(TrainingPlan plan) {}

  /**
   * Examples are scored ahead under the reference: all of them once where it is fixed, those of the
   * coming window after a hard update.
   *
   * @param done examples scored so far
   * @param total examples to score now
   */
  default void onReferenceScoring(long done, long total) {}

  /** An optimizer step is done and the reference has been moved. */
  default void onStep(StepMetrics metrics) {}

  /** Training is done. */
  default void onEnd(TrainingResult result) {}
}
