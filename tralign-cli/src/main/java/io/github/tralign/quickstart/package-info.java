/**
 * The command {@code ./tralign quickstart}: it makes everything that alignment requires and
 * compares DPO with TR-DPO.
 *
 * <p>{@link io.github.tralign.quickstart.Quickstart} runs all stages. {@code Grammar} defines the
 * sentences of the data, {@code Pairs} draws preference pairs from it, {@code WordTokenizer} makes
 * a tokenizer of its words, and {@code TinyLlama} is the model's shape. {@code HeldOut}, {@code
 * HeldOutReference} and {@code Start} measure a run on held-out pairs, and {@code Report} prints
 * the results. All random numbers come from {@code Draw}, with one seed.
 */
@NullMarked
package io.github.tralign.quickstart;

import org.jspecify.annotations.NullMarked;
