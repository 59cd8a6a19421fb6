/**
 * Hugging Face checkpoints as policies, computed by PyTorch through DJL, on a CPU or a GPU.
 *
 * <p>Start with {@link io.github.tralign.djl.DjlPolicy}: it loads a checkpoint folder and
 * implements {@link io.github.tralign.policy.Policy}. {@link io.github.tralign.djl.DjlModel} only
 * scores. Underneath, {@code huggingface} reads and writes the files, {@code model} describes the
 * model families, {@code kernel} computes, {@link io.github.tralign.djl.tokenizer} turns text into
 * tokens, and {@link io.github.tralign.djl.chat} renders chat templates.
 */
@NullMarked
package io.github.tralign.djl;

import org.jspecify.annotations.NullMarked;
