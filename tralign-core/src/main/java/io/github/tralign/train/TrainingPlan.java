package io.github.tralign.train;

import io.github.tralign.data.Batches;

/**
 * What a run is going to do.
 *
 * @param examples number of examples of the training data, or {@link Batches#UNKNOWN}
 * @param stepsPerEpoch optimizer steps that see each example once, or {@link Batches#UNKNOWN}
 * @param totalSteps optimizer steps of the run
 * @param stepsDone of them, the steps done already: 0 unless the run is resumed
 * @param loss name of the loss
 * @param reference description of the reference rule
 * @param secondCopy whether a second copy of the weights is kept for the reference
 */
public record TrainingPlan(
    long examples,
    long stepsPerEpoch,
    long totalSteps,
    long stepsDone,
    String loss,
    String reference,
    boolean secondCopy) {}
