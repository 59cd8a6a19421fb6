package io.github.tralign.frontier;

import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.recurrent.RecurrentPolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingException;
import io.github.tralign.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;

/** One run with the library's trainer, and its rows: one for each checkpoint. */
final class FrontierRun implements TrainingListener {

  static final int CHECKPOINTS = 5;

  /** The columns of all rows. */
  static final List<String> COLUMNS = columns();

  private final GridRun settings;
  private final RecurrentPolicy policy;
  private final RunMeasurement measurement;
  private final List<List<Object>> rows = new ArrayList<>();
  private double age; // of the reference, in steps
  private double ages; // summed over the steps
  private int updates;

  private FrontierRun(GridRun settings, RecurrentPolicy policy, RunMeasurement measurement) {
    this.settings = settings;
    this.policy = policy;
    this.measurement = measurement;
  }

  private static List<String> columns() {
    List<String> columns = new ArrayList<>();
    columns.addAll(List.of("regime", "loss", "rule", "beta", "seed"));
    columns.addAll(WorldSize.COLUMNS);
    columns.addAll(List.of("step", "lag", "updates"));
    columns.addAll(RunMeasurement.COLUMNS);
    return List.copyOf(columns);
  }

  /**
   * Trains and measures.
   *
   * @throws TrainingException naming the run, if it diverged
   */
  static List<List<Object>> rows(GridRun settings, SeedWorld world) {
    Regime regime = settings.regime();
    RecurrentPolicy policy = world.start().copy();
    FrontierRun run = new FrontierRun(settings, policy, new RunMeasurement(world, regime));
    AlignmentLoss loss = settings.loss().withBeta(settings.beta());
    Trainer trainer =
        Trainer.builder()
            .policy(policy)
            .data(settings.loss().data(world.pairs(regime)))
            .loss(loss)
            .reference(settings.rule().policy())
            .optimizer(regime.optimizer())
            .learningRate(regime.learningRate(settings.beta()))
            .schedule(regime.schedule())
            .warmupRatio(0.1)
            .maxGradNorm(Double.POSITIVE_INFINITY)
            .batchSize(WorldSize.BATCH * settings.loss().examplesPerPair())
            .maxSteps(settings.size().steps())
            .seed(settings.seed())
            .probeEvery(0)
            .listener(run)
            .build();
    try {
      trainer.train();
    } catch (TrainingException e) {
      throw new TrainingException(settings.title() + ": " + e.getMessage());
    }
    return run.rows;
  }

  @Override
  public void onStep(StepMetrics metrics) {
    ages += age;
    double weight = metrics.get("reference/weight");
    age = (1 - weight) * (age + 1);
    updates += weight > 0 ? 1 : 0;
    if (isCheckpoint(metrics.step())) {
      List<Object> row = new ArrayList<>(settings.cells());
      row.addAll(List.of(metrics.step(), ages / metrics.step(), updates));
      row.addAll(measurement.of(policy));
      requireFinite(row, metrics.step());
      rows.add(row);
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

  /** Closer together at the beginning, where a run moves fastest. */
  private boolean isCheckpoint(long step) {
    for (int i = 1; i <= CHECKPOINTS; i++) {
      double share = Math.pow((double) i / CHECKPOINTS, 1.5);
      if (step == Math.max(1, Math.round(settings.size().steps() * share))) {
        return true;
      }
    }
    return false;
  }
}
