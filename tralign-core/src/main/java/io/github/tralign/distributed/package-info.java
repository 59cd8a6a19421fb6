/**
 * Several processes that work as one: {@link io.github.tralign.distributed.ProcessGroup} exchanges
 * values between them.
 */
@NullMarked
package io.github.tralign.distributed;

import org.jspecify.annotations.NullMarked;
