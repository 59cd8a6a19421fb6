/**
 * JMH benchmarks of the parts of a training step: passes over packed batches, the optimizer and the
 * update of the reference. The kernels are also compared with a straightforward computation of the
 * same result. Compare only numbers from the same run, never with those of another machine or day.
 */
@NullMarked
package io.github.tralign.benchmarks;

import org.jspecify.annotations.NullMarked;
