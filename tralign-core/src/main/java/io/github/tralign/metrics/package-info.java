/** What is measured at a training step, under the names that the ecosystem uses. */
@NullMarked
package io.github.tralign.metrics;

import org.jspecify.annotations.NullMarked;
