/**
 * Quality over divergence, {@code ./tralign experiment frontier}: a world in which quality can be
 * measured, a grid of losses, rules and β in it, and what comes out.
 */
@NullMarked
package io.github.tralign.frontier;

import org.jspecify.annotations.NullMarked;
