/**
 * JMH benchmarks of what an engine does in a training step: passes over packed batches, the
 * optimizer and the mixing of the reference, whole, and kernel by kernel beside the plain way to
 * compute the same. Compare figures of one run with one another, never with those of another
 * machine or day.
 */
@NullMarked
package io.github.tralign.benchmarks;

import org.jspecify.annotations.NullMarked;
