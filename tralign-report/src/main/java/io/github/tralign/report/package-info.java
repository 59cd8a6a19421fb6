/**
 * The pages that people look at: of one run, and of several side by side.
 *
 * <p>{@link io.github.tralign.report.RunFiles} is what a run left behind, its metrics thinned out
 * to {@link io.github.tralign.report.Curves}. {@link io.github.tralign.report.RunReport} and {@link
 * io.github.tralign.report.Comparison} turn it into pages, {@link
 * io.github.tralign.report.Findings} into advice. The pages hold all that they need, the library
 * that draws included, and ask nothing of any network.
 */
@NullMarked
package io.github.tralign.report;

import org.jspecify.annotations.NullMarked;
