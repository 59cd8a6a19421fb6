package io.github.tralign.train;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.Batch;
import io.github.tralign.data.Example;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Watches for steps whose loss or gradient is not finite: ends the run, or lets it skip them. */
final class SkippedSteps {

  /** With weights that do not change, more of them will not help. */
  static final int MOST_IN_A_ROW = 10;

  private final OnNan onNan;
  private final List<TrainingListener> listeners;
  private long number;
  private int inARow;
  private String lastReason = "before the run was resumed";

  SkippedSteps(OnNan onNan, List<TrainingListener> listeners) {
    this.onNan = onNan;
    this.listeners = listeners;
  }

  /** Resumes counting from where a run stands. */
  void resume(RunState.Skips before) {
    number = before.number();
    inARow = before.inARow();
  }

  /**
   * Whether a step is valid; else it is skipped.
   *
   * @throws TrainingException if it is not to be skipped
   */
  boolean passes(Batch batch, BatchMetrics measured, double gradNorm) {
    long step = batch.step();
    double loss = measured.loss();
    if (Double.isFinite(loss) && Double.isFinite(gradNorm)) {
      inARow = 0;
      return true;
    }
    List<String> rows =
        batch.examples().examples().stream().map(Example::origin).distinct().toList();
    String reason =
        Double.isFinite(loss)
            ? String.format(Locale.ROOT, "the gradient norm of step %d is %s", step, gradNorm)
            : String.format(Locale.ROOT, "the loss of step %d is %s", step, loss);
    String why = measured.notFinite().map(it -> reason + ": " + it).orElse(reason);
    String reasonAndRows = why + "; the step's rows are " + rows;
    if (onNan == OnNan.STOP) {
      throw new TrainingException(reasonAndRows);
    }
    number++;
    inARow++;
    lastReason = reasonAndRows;
    if (inARow == MOST_IN_A_ROW) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "%s; that makes %d steps in a row, so it is not the rows: no more are skipped",
              reasonAndRows,
              inARow));
    }
    listeners.forEach(it -> it.onSkippedStep(step, reasonAndRows));
    return false;
  }

  /**
   * Makes sure that a run that has come to its end was a training.
   *
   * @param steps done in the whole run
   * @throws TrainingException if all of them were skipped
   */
  void requireOnePassed(long steps) {
    if (number > 0 && number == steps) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "all %d steps of the run were skipped, so nothing was learned; the last: %s",
              steps,
              lastReason));
    }
  }

  /** Steps that were skipped so far. */
  long number() {
    return number;
  }

  /** The metrics of a step about them; none where no step can be skipped. */
  Map<String, Double> metrics() {
    return onNan == OnNan.SKIP
        ? ImmutableMap.of("num_skipped_steps", (double) number)
        : ImmutableMap.of();
  }

  /**
   * What a run is resumed from.
   *
   * @param passed the last step that was not skipped
   */
  RunState.Skips state(RunState.Metrics passed) {
    return new RunState.Skips(number, inARow, passed);
  }
}
