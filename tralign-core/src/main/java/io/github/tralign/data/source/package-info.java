/**
 * Records: the rows of data files before anything is known of what they mean.
 *
 * <p>A {@link io.github.tralign.data.source.RecordFormat} reads one kind of file, told by its
 * suffix, as a stream of {@link io.github.tralign.data.source.DataRecord}s; {@link
 * io.github.tralign.data.source.RecordFiles} finds the format of a file. Further formats are found
 * as services.
 */
@NullMarked
package io.github.tralign.data.source;

import org.jspecify.annotations.NullMarked;
