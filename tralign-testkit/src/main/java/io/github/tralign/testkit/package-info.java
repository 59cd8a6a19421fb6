/**
 * Tests of one line for losses and reference rules of one's own: {@link
 * io.github.tralign.testkit.LossCheck} and {@link io.github.tralign.testkit.RuleCheck}.
 *
 * <p>They need no test framework: what is wrong is an {@link AssertionError}.
 */
@NullMarked
package io.github.tralign.testkit;

import org.jspecify.annotations.NullMarked;
