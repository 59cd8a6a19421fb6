package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.metrics.StepMetrics;

/**
 * What a run did. The trained weights are in the policy that was given.
 *
 * @param metrics of each step, in order
 * @param examples number of examples seen, counting each time
 * @param tokens packed tokens that were trained on: each prompt once, each completion
 * @param referenceSeconds seconds spent on scoring ahead under the reference
 * @param trainingSeconds seconds spent on everything else
 */
public record TrainingResult(
    ImmutableList<StepMetrics> metrics,
    long examples,
    long tokens,
    double referenceSeconds,
    double trainingSeconds) {

  /** The measurements of the last step. */
  public StepMetrics last() {
    return metrics.get(metrics.size() - 1);
  }
}
