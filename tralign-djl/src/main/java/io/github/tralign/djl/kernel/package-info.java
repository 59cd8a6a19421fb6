/**
 * Internal, not part of the API. The kernels: whole passes over a packed batch as TorchScript text,
 * called from Java.
 *
 * <p>{@link io.github.tralign.djl.kernel.KernelArchive} packs the text resources into the archive
 * that PyTorch loads, {@link io.github.tralign.djl.kernel.Kernels} calls them, {@link
 * io.github.tralign.djl.kernel.PackedBatch} is the form of a batch that they take: one axis of
 * tokens, nothing padded, each prompt once. {@link io.github.tralign.djl.kernel.NativeKernels} are
 * those in C, which the texts call.
 */
@NullMarked
package io.github.tralign.djl.kernel;

import org.jspecify.annotations.NullMarked;
