/**
 * HTML pages about training runs: a report of one run, and a comparison of several.
 *
 * <p>{@link io.github.tralign.report.RunFiles} reads the files of a run and downsamples its metrics
 * to {@link io.github.tralign.report.Curves}. {@link io.github.tralign.report.RunReport} and {@link
 * io.github.tralign.report.Comparison} turn these into pages, {@link
 * io.github.tralign.report.Findings} into advice. The pages are self-contained, including the chart
 * library, and never access the network.
 */
@NullMarked
package io.github.tralign.report;

import org.jspecify.annotations.NullMarked;
