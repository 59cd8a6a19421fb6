/**
 * Parquet files as data: {@link io.github.tralign.parquet.ParquetFormat} is found as a service by
 * the core's {@link io.github.tralign.data.source.RecordFiles}. A module of its own, since the
 * format's Java library brings parts of Hadoop along.
 */
@NullMarked
package io.github.tralign.parquet;

import org.jspecify.annotations.NullMarked;
