/** The random number generator for shuffling and sampling. Internal: not part of the API. */
@NullMarked
package io.github.tralign.random;

import org.jspecify.annotations.NullMarked;
