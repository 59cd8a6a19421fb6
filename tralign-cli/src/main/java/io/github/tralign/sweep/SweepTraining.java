package io.github.tralign.sweep;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.train.TrainingException;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;

/** One run with the library's trainer, and its rows: one for each measurement. */
final class SweepTraining implements TrainingListener {

  /** The columns of all rows. */
  static final List<String> COLUMNS = columns();

  private final SweepRun run;
  private final Policy policy;
  private final SweepMeasurement measurement;
  private final long steps;
  private final int measurements;
  private final List<List<Object>> rows = new ArrayList<>();
  private List<SweepAnswer> answers = List.of();
  private double age; // of the reference, in steps
  private double ages; // summed over the steps
  private int updates;

  private SweepTraining(
      SweepRun run, Policy policy, SweepMeasurement measurement, long steps, int measurements) {
    this.run = run;
    this.policy = policy;
    this.measurement = measurement;
    this.steps = steps;
    this.measurements = measurements;
  }

  private static List<String> columns() {
    List<String> columns = new ArrayList<>(SweepRun.COLUMNS);
    columns.addAll(List.of("step", "lag", "updates"));
    columns.addAll(SweepMeasurement.COLUMNS);
    return List.copyOf(columns);
  }

  /** What a run leaves: its rows, and the answers at its end. */
  record Result(List<List<Object>> rows, List<SweepAnswer> answers) {}

  /**
   * Trains and measures.
   *
   * @param policy at the start; trained in place
   * @throws TrainingException naming the run, if it diverged
   */
  static Result of(
      SweepRun run,
      Policy policy,
      List<Example> pairs,
      SweepMeasurement measurement,
      SweepSettings settings,
      long steps) {
    SweepTraining training =
        new SweepTraining(run, policy, measurement, steps, settings.measurements());
    AlignmentLoss loss = settings.loss().apply(run.beta());
    List<Example> examples =
        settings.unpaired() ? PreferenceData.of(pairs).unpaired().examples() : pairs;
    try {
      settings
          .training()
          .get()
          .policy(policy)
          .data(examples)
          .loss(loss)
          .reference(run.rule())
          .seed(run.seed())
          .probeEvery(0)
          .listener(training)
          .build()
          .train();
    } catch (TrainingException e) {
      throw new TrainingException(run.title() + ": " + e.getMessage());
    }
    return new Result(training.rows, training.answers);
  }

  @Override
  public void onStart(TrainingPlan plan) {
    if (plan.totalSteps() != steps) {
      throw new IllegalStateException(
          "the run has " + plan.totalSteps() + " steps, but its beta was scaled for " + steps);
    }
  }

  @Override
  public void onStep(StepMetrics metrics) {
    ages += age;
    double weight = metrics.get("reference/weight");
    age = SimulatedLag.next(age, weight);
    updates += weight > 0 ? 1 : 0;
    if (isMeasured(metrics.step())) {
      SweepMeasurement.Result measured = measurement.of(policy);
      List<Object> row = new ArrayList<>(run.cells());
      row.addAll(List.of(metrics.step(), ages / metrics.step(), updates));
      row.addAll(measured.values());
      requireFinite(row, metrics.step());
      rows.add(row);
      answers = measured.answers();
    }
  }

  private static void requireFinite(List<Object> row, long step) {
    for (int i = 0; i < row.size(); i++) {
      if (row.get(i) instanceof Double value && !Double.isFinite(value)) {
        throw new TrainingException(
            "after step " + step + " " + COLUMNS.get(i) + " is " + value + ": the policy diverged");
      }
    }
  }

  private boolean isMeasured(long step) {
    for (int i = 1; i <= measurements; i++) {
      if (step == stepOf(i, measurements, steps)) {
        return true;
      }
    }
    return false;
  }

  /** The step of a measurement, from 1; the last one is the end of the run. */
  static long stepOf(int measurement, int measurements, long steps) {
    return Math.max(1, steps * measurement / measurements);
  }
}
