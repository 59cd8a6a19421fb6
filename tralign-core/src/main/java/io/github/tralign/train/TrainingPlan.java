package io.github.tralign.train;

/**
 * What a run is going to do.
 *
 * @param examples number of examples of the training data
 * @param stepsPerEpoch optimizer steps that see each example once
 * @param totalSteps optimizer steps of the run
 * @param stepsDone of them, the steps that are done already: 0 unless the run is resumed
 * @param loss name of the loss
 * @param reference the reference rule, in words
 * @param secondCopy whether a second copy of the weights is kept for the reference
 */
public record TrainingPlan(
    int examples,
    long stepsPerEpoch,
    long totalSteps,
    long stepsDone,
    String loss,
    String reference,
    boolean secondCopy) {}
