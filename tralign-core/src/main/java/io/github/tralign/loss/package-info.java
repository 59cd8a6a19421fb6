/**
 * The losses: one class per loss, which reads like its equation.
 *
 * <p>A loss is plain double arithmetic on the log-probabilities of whole completions: {@link
 * io.github.tralign.loss.AlignmentLoss} takes a {@link io.github.tralign.loss.ScoredBatch} and
 * returns its value, the derivative for each completion, and the rewards to report. Most losses are
 * a mean over pairs; they implement {@link io.github.tralign.loss.PairwiseLoss}, with one method
 * for the value and derivatives of a single pair, or {@link io.github.tralign.loss.MarginLoss} if
 * these depend on {@code h} only. {@link io.github.tralign.loss.UnpairedLoss} is the same for
 * completions labelled desirable or undesirable. {@link io.github.tralign.loss.CoupledPairwiseLoss}
 * is for losses on pairs that depend on statistics of the whole batch.
 *
 * <p>Notation: {@code a = log π(y_w|x) − log π_ref(y_w|x)} is the log-ratio of the chosen
 * completion, {@code b} that of the rejected one, {@code h = a − b}.
 */
@NullMarked
package io.github.tralign.loss;

import org.jspecify.annotations.NullMarked;
