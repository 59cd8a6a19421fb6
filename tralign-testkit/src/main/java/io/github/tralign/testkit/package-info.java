/**
 * Ready-made tests for custom losses, reference rules and engines.
 *
 * <p>{@link io.github.tralign.testkit.LossCheck} and {@link io.github.tralign.testkit.RuleCheck}
 * take one line each and require no test framework: a failure is an {@link AssertionError}. The
 * test of an engine is a JUnit class that extends {@link io.github.tralign.testkit.PolicyContract},
 * or {@link io.github.tralign.testkit.SeveralParametersContract} if its policy has more than one
 * parameter. One that generates has a second, which extends {@link
 * io.github.tralign.testkit.DecodingSessionContract}. What is to run in several processes can be
 * tested in threads, by an {@link io.github.tralign.testkit.InProcessGroup}.
 */
@NullMarked
package io.github.tralign.testkit;

import org.jspecify.annotations.NullMarked;
