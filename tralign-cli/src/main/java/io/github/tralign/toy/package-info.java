/**
 * The paper's toy problem, {@code ./tralign toy}: where a loss puts probability, on a tree of
 * sequences small enough to see all of it.
 *
 * <p>{@code TreeMdp} is the tree. {@link io.github.tralign.toy.RecurrentPolicy} is the policy, an
 * engine of its own; {@code GruCell}, {@code NextToken}, {@code Reading} and {@code BatchReading}
 * are its passes forward and back, {@code Layout} is where its weights lie.
 *
 * <p>{@code SeededRun} is one seed from its draw to the last step, with the library's own trainer;
 * {@code RunMeasures} looks on and measures with {@code Leaves} and {@code Curvature}. {@link
 * io.github.tralign.toy.Toy} runs all seeds. {@link io.github.tralign.toy.ToyReport} shows one
 * setting in tables and {@code Figures}, {@link io.github.tralign.toy.ToyGrid} several in one
 * table.
 */
@NullMarked
package io.github.tralign.toy;

import org.jspecify.annotations.NullMarked;
