package io.github.tralign.sweep;

import io.github.tralign.generate.Sampling;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.train.TrainerBuilder;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;

/**
 * What all runs of a sweep share.
 *
 * @param loss of a β
 * @param unpaired whether the loss takes labelled completions; pairs are split then
 * @param training a new builder with optimizer, batches and length of a run
 * @param judgeBeta β of the judge's DPO and of its reward
 * @param sampling of answers, from the model's own distribution
 * @param measurements how often a run is measured, at equal distances, the last time at its end; ≥
 *     1
 * @param microBatchTokens packed tokens that are scored at once
 * @param words counted in answers
 */
public record SweepSettings(
    DoubleFunction<AlignmentLoss> loss,
    boolean unpaired,
    Supplier<TrainerBuilder> training,
    double judgeBeta,
    Sampling sampling,
    int measurements,
    int microBatchTokens,
    Optional<WordScore> words) {}
