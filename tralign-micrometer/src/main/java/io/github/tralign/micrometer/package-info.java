/**
 * Publishes a run's metrics to monitoring systems: {@link io.github.tralign.micrometer.RunMeters}
 * is a listener that uses Micrometer. It is a separate module so that other programs need not
 * depend on Micrometer.
 */
@NullMarked
package io.github.tralign.micrometer;

import org.jspecify.annotations.NullMarked;
