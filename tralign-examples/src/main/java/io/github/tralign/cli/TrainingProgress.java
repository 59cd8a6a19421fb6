package io.github.tralign.cli;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import io.github.tralign.train.TrainingResult;
import java.util.Locale;

/**
 * Shows the course of a training. Scoring ahead is a task of its own before the first step; after
 * later copies of the policy it is a part of the training, so that the time left stays right.
 */
final class TrainingProgress implements TrainingListener {

  private final Progress progress;
  private final String unit;
  private long totalSteps;
  private long step;
  private boolean scoring;
  private boolean training;

  /**
   * Shows nothing yet.
   *
   * @param unit what the rows are, such as {@code pairs}
   */
  TrainingProgress(Progress progress, String unit) {
    this.progress = progress;
    this.unit = unit;
  }

  @Override
  public void onStart(TrainingPlan plan) {
    totalSteps = plan.totalSteps();
    if (plan.secondCopy()) {
      beginTraining();
    }
  }

  @Override
  public void onReferenceScoring(long done, long total) {
    if (training) {
      progress.at(step, "scoring the reference: " + done + "/" + total);
      return;
    }
    if (!scoring) {
      progress.begin("scoring the reference", total);
      scoring = true;
    }
    progress.at(done, unit);
    if (done >= total) {
      beginTraining();
    }
  }

  @Override
  public void onStep(StepMetrics metrics) {
    if (!training) {
      beginTraining();
    }
    step = metrics.step();
    progress.at(
        step,
        String.format(
            Locale.ROOT,
            "loss %.4f%s  %.1f %s/s",
            metrics.loss(),
            metrics.has("rewards/margins")
                ? String.format(Locale.ROOT, "  margin %.4f", metrics.get("rewards/margins"))
                : "",
            metrics.get("pairs_per_second"),
            unit));
  }

  @Override
  public void onEnd(TrainingResult result) {
    progress.end();
  }

  private void beginTraining() {
    training = true;
    progress.begin("training", totalSteps);
  }
}
