/**
 * Models and data sets of the Hugging Face Hub by their names.
 *
 * <p>{@link io.github.tralign.hub.HubCache} finds what the local cache of Hugging Face's libraries
 * holds, without a network. {@link io.github.tralign.hub.HubFetch} downloads into that cache:
 * {@code HubApi} knows the hub's addresses, {@code HubHttp} sends requests, {@code PartialBlob} is
 * a file that is not whole yet, and {@code SnapshotWriter} makes a fetched revision visible.
 */
@NullMarked
package io.github.tralign.hub;

import org.jspecify.annotations.NullMarked;
