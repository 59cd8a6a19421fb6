/**
 * Internal, not part of the API. The kernels: forward and backward passes over a packed batch,
 * written in TorchScript and called from Java.
 *
 * <p>{@link io.github.tralign.djl.kernel.KernelArchive} packs the texts into the archive that
 * PyTorch compiles, and {@link io.github.tralign.djl.kernel.Kernels} calls them. {@link
 * io.github.tralign.djl.kernel.PackedBatch} is the form of a batch that they take: one axis of
 * tokens, without padding, each prompt once. {@link io.github.tralign.djl.kernel.NativeKernels} are
 * those in C, which the texts call.
 */
@NullMarked
package io.github.tralign.djl.kernel;

import org.jspecify.annotations.NullMarked;
