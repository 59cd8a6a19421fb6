/**
 * Tests for losses, reference rules and engines of one's own.
 *
 * <p>{@link io.github.tralign.testkit.LossCheck} and {@link io.github.tralign.testkit.RuleCheck}
 * are one line each and need no test framework: a failure is an {@link AssertionError}. An engine's
 * test is a JUnit class that extends {@link io.github.tralign.testkit.PolicyContract}, or {@link
 * io.github.tralign.testkit.SeveralParametersContract} if its policy has more than one parameter.
 */
@NullMarked
package io.github.tralign.testkit;

import org.jspecify.annotations.NullMarked;
