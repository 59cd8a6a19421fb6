package io.github.tralign.toy;

import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.recurrent.RecurrentPolicy;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;

/** The measures of one run, before the first step and then at regular intervals. */
final class RunMeasures implements TrainingListener {

  private final ToySettings settings;
  private final AlignmentLoss loss;
  private final RecurrentPolicy policy;
  private final Example pair;
  private final List<Integer> steps = new ArrayList<>();
  private final List<double[]> rows = new ArrayList<>(); // [Measure] each

  RunMeasures(ToySettings settings, AlignmentLoss loss, RecurrentPolicy policy, Example pair) {
    this.settings = settings;
    this.loss = loss;
    this.policy = policy;
    this.pair = pair;
  }

  /** The measured steps, starting with 0. */
  List<Integer> steps() {
    return steps;
  }

  /** A measure at each of these steps. */
  double[] of(Measure measure) {
    return rows.stream().mapToDouble(row -> row[measure.ordinal()]).toArray();
  }

  @Override
  public void onStart(TrainingPlan plan) {
    measure(0, 0, 0);
  }

  @Override
  public void onStep(StepMetrics metrics) {
    int step = (int) metrics.step();
    if (step % settings.measureEvery() == 0 || step == settings.steps()) {
      measure(
          step,
          metrics.get("rewards/chosen") / settings.beta(),
          metrics.get("rewards/rejected") / settings.beta());
    }
  }

  private void measure(int step, double a, double b) {
    Leaves leaves = Leaves.of(settings.tree(), policy, pair);
    Curvature curvature = Curvature.of(loss, settings.loss().data(pair), a, b);
    double[] row = new double[Measure.values().length];
    for (Measure measure : Measure.values()) {
      row[measure.ordinal()] =
          switch (measure) {
            case OUT_OF_DATA -> leaves.outOfData();
            case BEFORE_FORK -> leaves.beforeFork();
            case AT_FORK -> leaves.atFork();
            case BEHIND_FORK -> leaves.behindFork();
            case CHOSEN -> leaves.chosen();
            case REJECTED -> leaves.rejected();
            case MARGIN -> a - b;
            case GRADIENT_WEIGHT -> curvature.gradient();
            case REJECTED_GRADIENT_WEIGHT -> curvature.rejectedGradient();
            case HESSIAN_WEIGHT -> curvature.hessian();
          };
    }
    steps.add(step);
    rows.add(row);
  }
}
