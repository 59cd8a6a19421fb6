/**
 * Results on disk that can be made anew: tokens of data files, log-probabilities of a reference.
 *
 * <p>A file is found by the hash of all that its content was made of, so that it cannot be stale;
 * it is written under another name and renamed, so that it is whole; and it is checked when it is
 * opened, so that a damaged one is never used.
 *
 * <p>{@link io.github.tralign.cache.CacheFolder#at} is the API; everything else here is internal.
 */
@NullMarked
package io.github.tralign.cache;

import org.jspecify.annotations.NullMarked;
