package io.github.tralign.train;

import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.metrics.StepMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Watches a run. Called on the training thread; an exception that a listener throws ends the run.
 */
public interface TrainingListener {

  /** Training begins. */
  default void onStart(TrainingPlan plan) {}

  /**
   * A run on a stream is resumed, before {@link #onStart}: the batches that it has seen are read
   * again and skipped.
   *
   * @param done steps replayed so far
   * @param total steps to replay, which the run had done
   */
  default void onReplay(long done, long total) {}

  /**
   * Examples are scored ahead under the reference: all of them once where it is fixed, those of the
   * coming window after a hard update.
   *
   * @param done examples scored so far
   * @param total examples to score now
   */
  default void onReferenceScoring(long done, long total) {}

  /**
   * The policy is measured: on the probe and on the evaluation data before the first step, when it
   * is the initial policy (before {@link #onStart} too), and on the evaluation data at each
   * evaluation.
   *
   * @param done examples measured so far
   * @param total examples to measure now
   */
  default void onMeasuring(long done, long total) {}

  /**
   * A step's loss or gradient is not finite, and it is skipped, see {@link OnNan#SKIP}. {@link
   * #onStep} follows.
   *
   * @param why the reason, with the step's rows
   */
  default void onSkippedStep(long step, String why) {}

  /** Prompts are about to be completed; {@link #onSamples} follows. */
  default void onSampling(int prompts) {}

  /**
   * Prompts were completed, see {@link TrainerBuilder#samples}: after {@link #onStart} by the
   * initial policy, and after a step, before its {@link #onStep}.
   */
  default void onSamples(StepSamples samples) {}

  /** An optimizer step is done and the reference has been moved. */
  default void onStep(StepMetrics metrics) {}

  /**
   * The evaluation data was measured. The same metrics are among those of {@link #onStep}, which
   * was called just before.
   *
   * @param metrics the step, with the metrics whose names begin with {@code eval_}
   */
  default void onEvaluation(StepMetrics metrics) {}

  /**
   * A run is about to be resumed with other settings than the checkpoint's, see {@link
   * TrainerBuilder#resumeAnyway}. {@link #onResume} follows.
   *
   * @param differences one for each setting, such as {@code seed was 42 and is 7}; not empty
   */
  default void onChangedSettings(List<String> differences) {}

  /**
   * A run is resumed from a checkpoint, before anything is changed; an exception prevents it.
   *
   * @param checkpoint may hold what {@link #intoCheckpoint} wrote
   * @param anyway whether to resume where something differs, see {@link
   *     TrainerBuilder#resumeAnyway}
   */
  default void onResume(Checkpoint checkpoint, boolean anyway) {}

  /**
   * A checkpoint is about to be written. What a listener has written of the steps so far should be
   * forced to disk when this returns.
   */
  default void beforeCheckpoint(long step) {}

  /**
   * A checkpoint is being written; files that a listener adds are a part of it.
   *
   * @param folder where it is written, under another name than it is going to have
   * @throws IOException if they cannot be written; there is no checkpoint of the step then
   */
  default void intoCheckpoint(long step, Path folder) throws IOException {}

  /**
   * A checkpoint is complete, and those that it makes superfluous are gone.
   *
   * @param folder where it is
   */
  default void onCheckpoint(long step, Path folder) {}

  /** Training is done, or was stopped: see {@link TrainingResult#completed}. */
  default void onEnd(TrainingResult result) {}
}
