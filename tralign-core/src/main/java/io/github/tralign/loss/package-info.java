/**
 * The losses, each one class that reads like its equation.
 *
 * <p>A loss is plain double arithmetic on the log-probabilities of whole completions: {@link
 * io.github.tralign.loss.AlignmentLoss} takes a {@link io.github.tralign.loss.ScoredBatch} and
 * gives its value, the derivative for each completion, and the rewards that are reported. Most
 * losses are a mean over pairs; they implement {@link io.github.tralign.loss.PairwiseLoss}, whose
 * one method is value and derivative for a single pair, or {@link
 * io.github.tralign.loss.MarginLoss} where these depend on {@code h} alone. {@link
 * io.github.tralign.loss.UnpairedLoss} is the same for completions labelled good or bad, and {@link
 * io.github.tralign.loss.CoupledPairwiseLoss} is for pairs of which a figure of the whole batch is
 * in the loss of each.
 *
 * <p>Notation: {@code a = log π(y_w|x) − log π_ref(y_w|x)} is the log-ratio of the chosen
 * completion, {@code b} that of the rejected one, {@code h = a − b}.
 */
@NullMarked
package io.github.tralign.loss;

import org.jspecify.annotations.NullMarked;
