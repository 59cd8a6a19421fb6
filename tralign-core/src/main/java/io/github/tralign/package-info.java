/**
 * Offline preference alignment with a reference policy that moves.
 *
 * <p>Start at {@link io.github.tralign.TR}, which names every loss and reference rule, and at
 * {@link io.github.tralign.train.Trainer}, which puts them together with a policy and data. The
 * packages, in the order in which data flows:
 *
 * <ol>
 *   <li>{@link io.github.tralign.data}: files to prompts with their completions, as token ids
 *   <li>{@link io.github.tralign.policy}: the seam to an engine, which scores them
 *   <li>{@link io.github.tralign.loss}: what the scores are worth, and its derivative
 *   <li>{@link io.github.tralign.reference}: how the reference follows the policy
 *   <li>{@link io.github.tralign.train}: the loop over all that, schedules, listeners
 *   <li>{@link io.github.tralign.tabular}: a small engine in plain Java, for tests and toy problems
 * </ol>
 *
 * <p>The style below holds for the generated builders of all packages under this one, in every
 * module.
 */
@NullMarked
@Value.Style(jdkOnly = true)
package io.github.tralign;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
