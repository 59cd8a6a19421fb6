/**
 * Cached results: tokens of data files, log-probabilities of a reference.
 *
 * <p>A file is named by the hash of everything that its content depends on, so it is never stale.
 * It is written under another name and renamed, so it is complete. Its checksum is verified when it
 * is opened, so a damaged one is never used.
 *
 * <p>{@link io.github.tralign.cache.CacheFolder#at} is the API; everything else here is internal.
 */
@NullMarked
package io.github.tralign.cache;

import org.jspecify.annotations.NullMarked;
