/**
 * The measurements of {@code ./tralign bench}: the speed of training steps compared with the
 * required operations and the machine's peak.
 */
@NullMarked
package io.github.tralign.bench;

import org.jspecify.annotations.NullMarked;
