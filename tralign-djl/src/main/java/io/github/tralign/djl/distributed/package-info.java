/**
 * Groups of processes over PyTorch's own collectives (c10d, over gloo and, on request, NCCL), on
 * one machine or several.
 *
 * <p>One process serves a {@link io.github.tralign.djl.distributed.MeetingPoint}; all processes,
 * this one too, {@linkplain io.github.tralign.djl.distributed.GlooProcessGroup#join join} there.
 * {@link io.github.tralign.djl.distributed.Rendezvous} has them find each other, and refuses those
 * that do not fit. {@link io.github.tralign.djl.distributed.Collective} is what is native, and
 * {@link io.github.tralign.djl.distributed.Nccl} what only a PyTorch for CUDA has.
 *
 * <p>Nothing here is encrypted or authenticated: use it in a network that you trust.
 */
@NullMarked
package io.github.tralign.djl.distributed;

import org.jspecify.annotations.NullMarked;
