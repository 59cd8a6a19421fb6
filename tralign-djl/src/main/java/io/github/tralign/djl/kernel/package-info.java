/**
 * Internal, not part of the API. The kernels: forward and backward passes over a packed batch,
 * written in TorchScript and called from Java.
 *
 * <p>{@link io.github.tralign.djl.kernel.KernelArchive} packs the texts into the archive that
 * PyTorch compiles, and {@link io.github.tralign.djl.kernel.Kernels} calls them. {@link
 * io.github.tralign.djl.kernel.PackedBatch} is the form of a batch that they take: one axis of
 * tokens, without padding, each prompt once. {@link io.github.tralign.djl.kernel.NativeKernels} are
 * those in C, which the texts call.
 *
 * <p>Of the texts, {@code decoder.torchscript} is the decoder block: its layers, attention's input
 * and output, and the MLP. It calls {@code norms}, {@code qk_norm_and_rope} (queries and keys),
 * {@code linear} (matrices, with an adapter or without) and {@code attention_…}; {@code fp32},
 * {@code bf16} and {@code product…} are the matrix products below these. {@code head} has the
 * log-probabilities, {@code statistics} the divergences, {@code clip_and_adamw} the clipping of
 * gradients and the optimizer, {@code weights} the update of the reference and matrices in 4 bits.
 * {@code collective} is an archive of its own: the exchange with other processes.
 *
 * <p>{@link io.github.tralign.djl.kernel.TorchChoice} decides which PyTorch the process loads.
 */
@NullMarked
package io.github.tralign.djl.kernel;

import org.jspecify.annotations.NullMarked;
