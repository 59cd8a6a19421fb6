/**
 * Text generation with a checkpoint folder: from a prompt's text to tokens, and from new tokens to
 * text.
 *
 * <p>{@link io.github.tralign.djl.generate.GenerationConfig} reads how a folder wants its model to
 * generate, {@link io.github.tralign.djl.generate.PromptEncoder} renders and tokenizes prompts,
 * {@link io.github.tralign.djl.generate.TextGeneration} is the listener that turns the tokens of a
 * {@link io.github.tralign.generate.Generator} into text for a {@link
 * io.github.tralign.djl.generate.TextListener}.
 */
@NullMarked
package io.github.tralign.djl.generate;

import org.jspecify.annotations.NullMarked;
