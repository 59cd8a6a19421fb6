/**
 * The parts of {@code ./tralign quickstart}: everything that alignment needs, made on the spot.
 *
 * <p>{@link io.github.tralign.quickstart.Quickstart} is the whole in order. {@code Grammar} is the
 * little English of the data, {@code Pairs} draws from it, {@code WordTokenizer} makes a tokenizer
 * of its words, {@code TinyLlama} is the model's shape. {@code HeldOut}, {@code HeldOutReference}
 * and {@code Start} measure what came of a run, {@code Report} shows it. Whatever is drawn comes
 * from {@code Draw}, with one seed.
 */
@NullMarked
package io.github.tralign.quickstart;

import org.jspecify.annotations.NullMarked;
