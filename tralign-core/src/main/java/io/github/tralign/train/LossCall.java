package io.github.tralign.train;

import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.text.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Evaluates a loss, which a user may have written, and holds the result to its contract. */
final class LossCall {

  /** Names of metrics that a loss cannot take; see {@code docs/metrics.md}. */
  private static final Pattern OF_TRAINER =
      Pattern.compile(
          "(step|epoch|loss|grad_norm|learning_rate|num_tokens|pairs_per_second|num_skipped_steps)$"
              + "|(logps|rewards|logratios|flips|diagnostics|reference|initial)/|eval_");

  private final AlignmentLoss loss;
  private final List<Example> rows;

  /** Of the rows of the batch that the loss gets. */
  LossCall(AlignmentLoss loss, List<Example> rows) {
    this.loss = loss;
    this.rows = rows;
  }

  /**
   * The loss's value and gradient.
   *
   * @throws TrainingException if the result has another shape than the batch, or a metric has a
   *     name of the trainer's own
   */
  LossResult evaluate(ScoredBatch batch) {
    LossResult result = loss.evaluate(batch);
    if (Objects.isNull(result)) {
      throw broken("no result, but null");
    }
    requireShape("derivatives", result.gradient());
    if (result.divergenceGradient().length > 0) {
      if (!loss.usesDivergence()) {
        throw broken("derivatives of the divergence, but usesDivergence() says no");
      }
      requireShape("derivatives of the divergence", result.divergenceGradient());
    }
    for (String name : result.metrics().keySet()) {
      if (OF_TRAINER.matcher(name).lookingAt()) {
        throw broken("a metric '" + name + "', a name of the trainer's own; choose another name");
      }
    }
    if (loss.separable() && !result.memory().isEmpty()) {
      throw broken("a memory, " + result.memory() + ", which a separable loss cannot have");
    }
    return result;
  }

  private void requireShape(String what, double[][] slopes) {
    if (slopes.length != rows.size()) {
      throw broken(
          String.format(Locale.ROOT, "%s of %d rows for %d", what, slopes.length, rows.size()));
    }
    for (int i = 0; i < slopes.length; i++) {
      int completions = rows.get(i).completions().size();
      if (slopes[i] == null || slopes[i].length != completions) {
        String given = slopes[i] == null ? "null" : String.valueOf(slopes[i].length);
        throw broken(
            String.format(
                Locale.ROOT,
                "%s %s for %s, which has %s",
                given,
                what,
                rows.get(i).origin(),
                Numbers.count(completions, "completion")));
      }
    }
  }

  private TrainingException broken(String result) {
    return new TrainingException("the loss " + loss.name() + " gives " + result);
  }

  /** The first derivative that is not finite, with its row. */
  Optional<String> notFinite(LossResult result) {
    return notFinite("derivative", result.gradient())
        .or(() -> notFinite("derivative of the divergence", result.divergenceGradient()));
  }

  private Optional<String> notFinite(String what, double[][] slopes) {
    for (int i = 0; i < slopes.length; i++) {
      for (double slope : slopes[i]) {
        if (!Double.isFinite(slope)) {
          return Optional.of(
              String.format(
                  Locale.ROOT,
                  "the loss %s gives the %s %s for %s",
                  loss.name(),
                  what,
                  slope,
                  rows.get(i).origin()));
        }
      }
    }
    return Optional.empty();
  }
}
