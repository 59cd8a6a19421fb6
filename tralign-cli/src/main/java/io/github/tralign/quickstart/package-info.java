/**
 * The command {@code ./tralign quickstart}: it makes everything that alignment requires and
 * compares DPO with TR-DPO.
 *
 * <p>{@link io.github.tralign.quickstart.Quickstart} runs all stages. {@code Grammar} defines the
 * sentences of the data, {@code Pairs} draws preference pairs from it, {@code WordTokenizer} makes
 * a tokenizer of its words, and {@code TinyLlama} is the model's shape. {@code HeldOut}, {@code
 * HeldOutReference} and {@code Start} measure a run on held-out pairs, and {@code Report} prints
 * the results. All random numbers come from {@code Draw}, with one seed.
 *
 * <p>{@link io.github.tralign.quickstart.CourtesyQuickstart} is the same for a real model: it
 * learns to prefer the courteous answer of each {@code CourtesyPair}, {@code CourtesyAnswers} lets
 * it answer held-out questions, and {@code CourtesyReport} shows them. {@link
 * io.github.tralign.quickstart.TrialStep} is one step of the smallest model.
 */
@NullMarked
package io.github.tralign.quickstart;

import org.jspecify.annotations.NullMarked;
