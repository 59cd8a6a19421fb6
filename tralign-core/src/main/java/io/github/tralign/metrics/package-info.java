/**
 * The metrics of a training step, under the names used in the ecosystem.
 *
 * <p>They are measured in {@code io.github.tralign.train}: {@code BatchMetrics} sums over a batch,
 * {@code InitialComparison} compares with the initial policy, and {@code StepMetricsCollector} puts
 * all together. A loss adds its own by {@code LossResult.metrics}. {@code docs/metrics.md} explains
 * each.
 */
@NullMarked
package io.github.tralign.metrics;

import org.jspecify.annotations.NullMarked;
