package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.metrics.StepMetrics;
import java.util.Optional;

/**
 * What a run did. The trained weights are in the policy that was given.
 *
 * @param metrics of the latest steps, in order: of at most 1,000, and since a run was resumed; a
 *     {@link TrainingListener} sees them all
 * @param first the measurements of the first step
 * @param last the measurements of the last step
 * @param completed whether the run ended by itself, rather than by {@link Trainer#stop}
 * @param earlyStop why it ended before its last step; empty if it did not, see {@link
 *     TrainerBuilder#earlyStop}
 * @param best the best evaluation; empty where there was none
 * @param skippedSteps steps that were skipped, see {@link OnNan#SKIP}
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
    Optional<String> earlyStop,
    Optional<BestEvaluation> best,
    long skippedSteps,
    long examples,
    long tokens,
    double referenceSeconds,
    double evaluationSeconds,
    double trainingSeconds) {}
