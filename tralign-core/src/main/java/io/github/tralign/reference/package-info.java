/**
 * The rules by which the reference moves.
 *
 * <p>The method of "Learn Your Reference Model for Real Good Alignment" (arXiv 2404.09656) leaves
 * the losses as they are and moves the reference: {@link io.github.tralign.reference.SoftUpdate}
 * mixes a share of the policy into it after every optimizer step, {@link
 * io.github.tralign.reference.HardUpdate} copies the policy every τ steps, {@link
 * io.github.tralign.reference.FixedReference} never moves it. {@link
 * io.github.tralign.reference.EpochUpdate} counts in epochs, {@link
 * io.github.tralign.reference.GrowingUpdate} becomes rarer, {@link
 * io.github.tralign.reference.DistanceUpdate} looks at how far the policy has gone. A rule only
 * says <em>how much</em>; where the reference's log-probabilities come from is the trainer's
 * choice.
 */
@NullMarked
package io.github.tralign.reference;

import org.jspecify.annotations.NullMarked;
