/**
 * Offline preference alignment of language models, with reference policies that are updated during
 * training.
 *
 * <p>Start at {@link io.github.tralign.TR}, which creates every loss and reference rule, and at
 * {@link io.github.tralign.train.Trainer}, which combines them with a policy and data. The
 * packages, in the order of the data flow:
 *
 * <ol>
 *   <li>{@link io.github.tralign.data}: reads files into prompts with completions, as token ids
 *   <li>{@link io.github.tralign.policy}: the interface to an engine, which scores them
 *   <li>{@link io.github.tralign.loss}: the losses of the scores, and their derivatives
 *   <li>{@link io.github.tralign.reference}: the rules by which the reference is updated
 *   <li>{@link io.github.tralign.train}: the training loop, schedules, listeners
 *   <li>{@link io.github.tralign.tabular}: a small engine in plain Java, for tests and toy problems
 * </ol>
 *
 * <p>The style below applies to the generated code of all packages under this one, in every module.
 */
@NullMarked
@Value.Style(jdkOnly = true)
package io.github.tralign;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
