/**
 * A run's metrics for whatever a program is watched with: {@link
 * io.github.tralign.micrometer.RunMeters} is a listener that publishes them by Micrometer. A module
 * of its own, so that nobody carries that along who does not use it.
 */
@NullMarked
package io.github.tralign.micrometer;

import org.jspecify.annotations.NullMarked;
