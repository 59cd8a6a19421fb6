package io.github.tralign.bench;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the duration of each step and, separately, of reference scoring, which is done for many
 * steps at once, before the first of them.
 */
public final class StepClock implements TrainingListener {

  private final List<Double> steps = new ArrayList<>();
  private long lastStep;
  private long scoringStart;
  private long scoring;

  @Override
  public void onStart(TrainingPlan plan) {
    lastStep = System.nanoTime();
  }

  @Override
  public void onReferenceScoring(long done, long total) {
    long now = System.nanoTime();
    if (done == 0) {
      scoringStart = now;
    } else if (done == total) {
      scoring += now - scoringStart;
      lastStep += now - scoringStart;
    }
  }

  @Override
  public void onStep(StepMetrics metrics) {
    long now = System.nanoTime();
    steps.add((now - lastStep) / 1e9);
    lastStep = now;
  }

  /** Seconds of each step so far, without reference scoring. */
  public List<Double> steps() {
    return List.copyOf(steps);
  }

  /** Seconds of reference scoring, for all steps together. */
  public double scoring() {
    return scoring / 1e9;
  }
}
