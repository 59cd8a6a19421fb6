/**
 * Quality over divergence, {@code ./tralign experiment frontier}: does a moving reference give more
 * quality at an equal distance from the start?
 *
 * <p>{@code SourceLanguage} is a language with a gold judge, {@code SeedWorld} all that the runs of
 * a seed share, {@code Sampler} completes prompts with given random numbers. {@link
 * io.github.tralign.frontier.FrontierGrid} with {@code Regime}, {@code FrontierLoss} and {@code
 * ReferenceRule} is what is run. {@link io.github.tralign.frontier.Frontier} runs it: each {@code
 * FrontierRun} trains with the library's trainer, is measured by {@code RunMeasurement}, and adds
 * its rows to a {@code ResultFile}.
 *
 * <p>{@link io.github.tralign.frontier.FrontierReport} makes tables and figures of such a file: of
 * {@code FrontierOutcome}s, in which {@link io.github.tralign.figure.BetaPath}s are compared in
 * pairs by seed.
 */
@NullMarked
package io.github.tralign.frontier;

import org.jspecify.annotations.NullMarked;
