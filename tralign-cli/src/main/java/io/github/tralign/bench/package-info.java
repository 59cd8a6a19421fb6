/**
 * What {@code ./tralign bench} measures: whole training steps against what the work needs and what
 * the machine can do.
 */
@NullMarked
package io.github.tralign.bench;

import org.jspecify.annotations.NullMarked;
