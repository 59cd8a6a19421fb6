/**
 * The rules by which the reference is updated.
 *
 * <p>The method of "Learn Your Reference Model for Real Good Alignment" (arXiv 2404.09656) does not
 * change the losses but updates the reference: {@link io.github.tralign.reference.SoftUpdate} mixes
 * the policy into it after every optimizer step, {@link io.github.tralign.reference.HardUpdate}
 * copies the policy every τ steps, {@link io.github.tralign.reference.FixedReference} never changes
 * it. {@link io.github.tralign.reference.EpochUpdate} counts in epochs, {@link
 * io.github.tralign.reference.GrowingUpdate} copies at growing intervals, {@link
 * io.github.tralign.reference.DistanceUpdate} reacts to the distance of the policy from the
 * reference. {@link io.github.tralign.reference.ForwardingReferencePolicy} is the base of rules
 * that change another rule. A rule only decides <em>how much</em> of the policy is mixed in; the
 * trainer decides how the reference is scored.
 */
@NullMarked
package io.github.tralign.reference;

import org.jspecify.annotations.NullMarked;
