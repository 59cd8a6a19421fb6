/**
 * Records: the raw rows of data files, before their columns are interpreted.
 *
 * <p>A {@link io.github.tralign.data.source.RecordFormat} reads files with its suffixes as a stream
 * of {@link io.github.tralign.data.source.DataRecord}s; {@link
 * io.github.tralign.data.source.RecordFiles} finds the format of a file. Further formats can be
 * added as services.
 */
@NullMarked
package io.github.tralign.data.source;

import org.jspecify.annotations.NullMarked;
