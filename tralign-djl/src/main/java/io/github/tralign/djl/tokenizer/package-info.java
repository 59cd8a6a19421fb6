/**
 * The tokenizer of a Hugging Face checkpoint folder: from text to tokens.
 *
 * <p>{@link io.github.tralign.djl.tokenizer.CheckpointTokenizer} loads it. A crash in the native
 * tokenizers library would end the process, so {@code TokenizerTrial} first tries a tokenizer in a
 * {@code TokenizerProcess}; {@code Encoders} then decides where it runs.
 */
@NullMarked
package io.github.tralign.djl.tokenizer;

import org.jspecify.annotations.NullMarked;
