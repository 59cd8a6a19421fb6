package io.github.tralign.quickstart;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import io.github.tralign.train.TrainingResult;
import java.util.Locale;

/** Shows the progress of a training run. */
final class Stage implements TrainingListener {

  private final QuickstartConsole console;
  private final String title;
  private long totalSteps;

  Stage(QuickstartConsole console, String title) {
    this.console = console;
    this.title = title;
  }

  @Override
  public void onStart(TrainingPlan plan) {
    totalSteps = plan.totalSteps();
  }

  @Override
  public void onReferenceScoring(long done, long total) {
    console.progress(String.format(Locale.ROOT, "  %-14s reference %d/%d", title, done, total));
  }

  @Override
  public void onStep(StepMetrics metrics) {
    console.progress(text(metrics));
  }

  @Override
  public void onEnd(TrainingResult result) {
    String seconds =
        String.format(
            Locale.ROOT, "   %.1f s", result.referenceSeconds() + result.trainingSeconds());
    console.line(text(result.last()) + seconds);
  }

  private String text(StepMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "  %-14s step %3d/%d   loss %.3f",
        title,
        metrics.step(),
        totalSteps,
        metrics.loss());
  }
}
