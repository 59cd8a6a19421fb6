/**
 * The paper's toy problem, {@code ./tralign toy}: where a loss puts probability, on a tree of
 * sequences small enough to see all of it.
 *
 * <p>{@code TreeMdp} is the tree, {@link io.github.tralign.recurrent.RecurrentPolicy} the policy.
 *
 * <p>{@code SeededRun} runs one seed with the library's trainer; {@code RunMeasures} is its
 * listener and measures with {@code Leaves} and {@code Curvature}. {@link
 * io.github.tralign.toy.Toy} runs all seeds. {@link io.github.tralign.toy.ToyReport} presents the
 * result of one setting in tables and {@code Figures}, {@link io.github.tralign.toy.ToyGrid} those
 * of several settings in one table.
 */
@NullMarked
package io.github.tralign.toy;

import org.jspecify.annotations.NullMarked;
