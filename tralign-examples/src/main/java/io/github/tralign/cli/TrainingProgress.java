package io.github.tralign.cli;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import io.github.tralign.train.TrainingResult;
import java.util.Locale;

/** Shows the course of a training. */
final class TrainingProgress implements TrainingListener {

  private static final String TRAINING = "training";
  private static final String SCORING = "scoring the reference";

  private final Progress progress;
  private String task = "";
  private long totalSteps;

  TrainingProgress(Progress progress) {
    this.progress = progress;
  }

  @Override
  public void onStart(TrainingPlan plan) {
    totalSteps = plan.totalSteps();
  }

  @Override
  public void onReferenceScoring(long done, long total) {
    begin(SCORING, total);
    progress.at(done, "pairs");
  }

  @Override
  public void onStep(StepMetrics metrics) {
    begin(TRAINING, totalSteps);
    progress.at(
        metrics.step(),
        String.format(
            Locale.ROOT,
            "loss %.4f  margin %.4f  %.1f pairs/s",
            metrics.loss(),
            metrics.get("rewards/margins"),
            metrics.get("pairs_per_second")));
  }

  @Override
  public void onEnd(TrainingResult result) {
    progress.end();
  }

  private void begin(String next, long total) {
    if (!next.equals(task)) {
      progress.begin(next, total);
      task = next;
    }
  }
}
