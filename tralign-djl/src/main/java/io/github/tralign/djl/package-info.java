/**
 * Hugging Face checkpoints as policies, on DJL and PyTorch, on a CPU or a GPU.
 *
 * <p>{@link io.github.tralign.djl.DjlPolicy} is the door: it loads a folder and is then a {@link
 * io.github.tralign.policy.Policy}. Behind it, {@link io.github.tralign.djl.huggingface} reads and
 * writes the files, {@link io.github.tralign.djl.model} knows what they mean, {@link
 * io.github.tralign.djl.kernel} computes, and {@link io.github.tralign.djl.tokenizer} makes tokens
 * of text.
 */
@NullMarked
package io.github.tralign.djl;

import org.jspecify.annotations.NullMarked;
