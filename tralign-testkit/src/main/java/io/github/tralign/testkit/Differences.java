package io.github.tralign.testkit;

import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/** Compares a loss's derivatives with central differences of fourth order. */
record Differences(AlignmentLoss loss, ScoredBatch batch) {

  private static final double STEP = 1e-4;

  void check() {
    LossResult result = loss.evaluate(batch);
    for (int i = 0; i < batch.size(); i++) {
      for (int k = 0; k < batch.get(i).completions().size(); k++) {
        int row = i;
        int completion = k;
        check(
            "row " + i + ", completion " + k + ": the derivative",
            result.gradient()[i][k],
            by -> loss.evaluate(moved(row, completion, by, 0)),
            moved -> moved.gradient()[row][completion]);
        if (loss.usesDivergence()) {
          check(
              "row " + i + ", completion " + k + ": the derivative in the divergence",
              byDivergence(result, row, completion),
              by -> loss.evaluate(moved(row, completion, 0, by)),
              moved -> byDivergence(moved, row, completion));
        }
      }
    }
  }

  private static double byDivergence(LossResult result, int row, int completion) {
    double[][] slopes = result.divergenceGradient();
    return slopes.length == 0 ? 0 : slopes[row][completion];
  }

  /**
   * Skips points where the derivative jumps within the step. There its second difference is large
   * or, for small jumps, does not grow with the square of the step.
   */
  private void check(
      String what,
      double slope,
      DoubleFunction<LossResult> moved,
      ToDoubleFunction<LossResult> slopeOf) {
    LossResult farLeft = moved.apply(-2 * STEP);
    LossResult farRight = moved.apply(2 * STEP);
    double left = slopeOf.applyAsDouble(farLeft);
    double right = slopeOf.applyAsDouble(farRight);
    double size = Math.max(Math.abs(slope), Math.max(Math.abs(left), Math.abs(right)));
    LossResult nearLeft = moved.apply(-STEP);
    LossResult nearRight = moved.apply(STEP);
    double bend = left - 2 * slope + right;
    double nearBend =
        slopeOf.applyAsDouble(nearLeft) - 2 * slope + slopeOf.applyAsDouble(nearRight);
    if (Math.abs(bend) > 1e-4 * size || Math.abs(bend - 4 * nearBend) > 1e-6 * size) {
      return;
    }
    double near = nearRight.value() - nearLeft.value();
    double far = farRight.value() - farLeft.value();
    double byDifferences = (8 * near - far) / (12 * STEP);
    double allowed = 1e-6 * Math.abs(slope) + 1e-10 * (1 + Math.abs(farLeft.value()));
    if (!(Math.abs(slope - byDifferences) <= allowed)) {
      throw LossCheck.failure(
          loss,
          String.format(
              Locale.ROOT,
              "%s is %s; by finite differences of the value it is %s, in the batch%s",
              what,
              slope,
              byDifferences,
              new ShownBatch(batch)));
    }
  }

  private ScoredBatch moved(int row, int completion, double byLogp, double byDivergence) {
    ScoredExample example = batch.get(row);
    List<ScoredCompletion> completions = new ArrayList<>(example.completions());
    ScoredCompletion it = completions.get(completion);
    completions.set(
        completion,
        new ScoredCompletion(
            it.logp() + byLogp,
            it.referenceLogp(),
            it.tokens(),
            it.divergence() + byDivergence,
            it.collision()));
    List<ScoredExample> examples = new ArrayList<>(batch.examples());
    examples.set(row, new ScoredExample(completions, example.judgement()));
    return batch.with(examples);
  }
}
