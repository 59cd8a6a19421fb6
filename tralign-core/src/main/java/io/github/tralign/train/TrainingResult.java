package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.metrics.StepMetrics;

/**
 * What a run did. The trained weights are in the policy that was given.
 *
 * @param metrics of the latest steps, in order: of at most 1,000, and since a resumed run went on;
 *     a {@link TrainingListener} sees them all
 * @param first the measurements of the first step
 * @param last the measurements of the last step
 * @param completed whether all steps are done, rather than {@link Trainer#stop} asked for
 * @param examples number of examples seen, counting each time
 * @param tokens packed tokens that were trained on: each prompt once, each completion
 * @param referenceSeconds seconds spent on scoring ahead under the reference
 * @param evaluationSeconds seconds spent on evaluation data
 * @param trainingSeconds seconds spent on everything else
 */
public record TrainingResult(
    ImmutableList<StepMetrics> metrics,
    StepMetrics first,
    StepMetrics last,
    boolean completed,
    long examples,
    long tokens,
    double referenceSeconds,
    double evaluationSeconds,
    double trainingSeconds) {}
