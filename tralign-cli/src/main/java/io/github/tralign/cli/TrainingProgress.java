package io.github.tralign.cli;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.text.Numbers;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import io.github.tralign.train.TrainingResult;
import java.util.List;
import java.util.Locale;

/**
 * Shows the progress of a training. Scoring ahead is a task of its own before the first step; after
 * later copies of the policy it is a part of the training, so that the time left stays right.
 */
final class TrainingProgress implements TrainingListener {

  private final Progress progress;
  private final String unit;
  private long totalSteps;
  private long step;
  private boolean scoring;
  private boolean measuring; // the initial policy, before the training
  private boolean training;
  private double firstTokens = -1;
  private long firstEnd;

  /**
   * Shows nothing yet.
   *
   * @param unit what a row is, such as {@code pair}
   */
  TrainingProgress(Progress progress, String unit) {
    this.progress = progress;
    this.unit = unit;
  }

  @Override
  public void onChangedSettings(List<String> differences) {
    differences.forEach(it -> progress.warn("resumed with a changed setting: " + it));
  }

  @Override
  public void onReplay(long done, long total) {
    if (done == 1) {
      progress.begin("reading again what the run has seen", total);
    }
    progress.at(done, "steps");
  }

  @Override
  public void onStart(TrainingPlan plan) {
    totalSteps = plan.totalSteps();
    step = plan.stepsDone();
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
    progress.at(done, unit + "s");
    if (done >= total) {
      beginTraining();
    }
  }

  @Override
  public void onMeasuring(long done, long total) {
    if (training) {
      progress.at(step, "evaluating: " + done + "/" + total);
      return;
    }
    if (!measuring) { // the probe, then the evaluation data
      progress.begin("measuring the initial policy", total);
    }
    progress.at(done, unit + "s");
    measuring = done < total;
  }

  @Override
  public void onSampling(int prompts) {
    String what = "completing " + Numbers.count(prompts, "sample prompt");
    if (training) {
      progress.part(step, what);
    } else {
      progress.begin(what, 0);
    }
  }

  @Override
  public void onSkippedStep(long skipped, String why) {
    progress.warn("skipped: " + why);
  }

  @Override
  public void onStep(StepMetrics metrics) {
    if (!training) {
      beginTraining();
    }
    step = metrics.step();
    String margin =
        metrics.has("rewards/margins")
            ? "  margin " + Numbers.significant(metrics.get("rewards/margins"), 3)
            : "";
    progress.at(
        step,
        String.format(
            Locale.ROOT,
            "loss %s%s%s",
            Numbers.significant(metrics.loss(), 3),
            margin,
            speed(metrics.get("num_tokens"))));
  }

  /** Since the end of the first step: its start is not known. */
  private String speed(double tokens) {
    long now = System.nanoTime();
    if (firstTokens < 0) {
      firstTokens = tokens;
      firstEnd = now;
      return "";
    }
    double seconds = Math.max(1e-9, (now - firstEnd) / 1e9);
    double perSecond = (tokens - firstTokens) / seconds;
    return perSecond < 1000
        ? String.format(Locale.ROOT, "  %.0f tok/s", perSecond)
        : String.format(Locale.ROOT, "  %.1fk tok/s", perSecond / 1000);
  }

  @Override
  public void onEnd(TrainingResult result) {
    progress.end();
  }

  private void beginTraining() {
    training = true;
    progress.begin("training", step, totalSteps);
  }
}
