/** The random numbers of shuffles and draws. Internal: not part of the API. */
@NullMarked
package io.github.tralign.random;

import org.jspecify.annotations.NullMarked;
