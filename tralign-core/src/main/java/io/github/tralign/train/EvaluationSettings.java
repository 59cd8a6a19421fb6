package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.util.Locale;
import org.immutables.value.Value;

/**
 * What is evaluated on, and when.
 *
 * @param examples that are not trained on; none for no evaluation
 * @param every steps from one evaluation to the next; 0 for one after the last step only
 * @param metric by which one evaluation is better than another
 * @param earlyStop evaluations in a row without a better one that end the run; 0 for none
 */
@Value.Builder
record EvaluationSettings(
    ImmutableList<Example> examples, long every, EvaluationMetric metric, int earlyStop)
    implements WithEvaluationSettings {

  EvaluationSettings {
    InvalidSettingException.require(
        every >= 0,
        "evaluationEvery",
        "the number of steps between evaluations must be >= 0, not " + every);
    InvalidSettingException.require(
        earlyStop >= 0,
        "earlyStop",
        "the number of evaluations without a better one must be >= 0, not " + earlyStop);
  }

  static EvaluationSettings ofDefaults() {
    return new EvaluationSettings(ImmutableList.of(), 0, EvaluationMetric.LOSS, 0);
  }

  /** Whether there is anything to evaluate on. */
  boolean asked() {
    return !examples.isEmpty();
  }

  /**
   * Rejects what does not fit together.
   *
   * @param keepBest whether the best evaluation's checkpoint is to be kept
   */
  void check(AlignmentLoss loss, ReferencePolicy rule, boolean keepBest) {
    if (!asked() && (every > 0 || keepBest || earlyStop > 0 || metric != EvaluationMetric.LOSS)) {
      throw new IllegalStateException("the trainer needs evaluation(...) to evaluate on");
    }
    if (every == 0 && (keepBest || earlyStop > 0)) {
      throw new IllegalStateException(
          "the trainer needs evaluationEvery(...): of one evaluation, after the last step, none is"
              + " the best");
    }
    if (asked() && !metric.isReportedOn(examples)) {
      throw new InvalidSettingException(
          "bestMetric",
          "the evaluation data has no completions of the kind that "
              + metric
              + " is measured on: choose the best by another metric");
    }
    if (asked() && metric.isReward() && !loss.hasReward()) {
      throw new InvalidSettingException(
          "bestMetric",
          String.format(
              Locale.ROOT,
              "the loss %s has no rewards, so there is no %s: choose the best by eval_loss or"
                  + " eval_logps/chosen",
              loss.name(),
              metric));
    }
    if (asked() && loss.usesDivergence() && !(rule instanceof FixedReference)) {
      throw new InvalidSettingException(
          "evaluation",
          String.format(
              Locale.ROOT,
              "the loss %s compares whole distributions, and those of the initial policy are gone"
                  + " once the reference %s moves: leave the evaluation data out",
              loss.name(),
              rule));
    }
  }
}
