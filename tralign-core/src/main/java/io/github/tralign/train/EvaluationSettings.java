package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import org.immutables.value.Value;

/**
 * What is evaluated on, and when.
 *
 * @param examples that are not trained on; none for no evaluation
 * @param every steps from one evaluation to the next; 0 for one after the last step only
 */
@Value.Builder
record EvaluationSettings(ImmutableList<Example> examples, long every)
    implements WithEvaluationSettings {

  EvaluationSettings {
    Ranges.require(every >= 0, "number of steps between evaluations", ">= 0", every);
  }

  static EvaluationSettings ofDefaults() {
    return new EvaluationSettings(ImmutableList.of(), 0);
  }

  /** Whether there is anything to evaluate on. */
  boolean asked() {
    return !examples.isEmpty();
  }

  /** Whether there is an evaluation after a step. */
  boolean dueAfter(long step, long totalSteps) {
    return asked() && (step == totalSteps || every > 0 && step % every == 0);
  }

  /** Refuses what does not fit together. */
  void check(AlignmentLoss loss, ReferencePolicy rule) {
    if (!asked() && every > 0) {
      throw new IllegalStateException("the trainer needs evaluation(...) to evaluate on");
    }
    if (asked() && loss.usesDivergence() && !(rule instanceof FixedReference)) {
      throw new IllegalArgumentException(
          String.format(
              "the loss %s compares whole distributions, and those of the initial policy are gone"
                  + " once the reference %s moves: leave the evaluation data out",
              loss.name(), rule));
    }
  }
}
