/** The metrics of a training step, under the names used in the ecosystem. */
@NullMarked
package io.github.tralign.metrics;

import org.jspecify.annotations.NullMarked;
