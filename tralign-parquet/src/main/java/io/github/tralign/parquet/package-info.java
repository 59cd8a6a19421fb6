/**
 * Reads Parquet files as data. The core's {@link io.github.tralign.data.source.RecordFiles} finds
 * {@link io.github.tralign.parquet.ParquetFormat} as a service. It is a separate module because
 * Parquet's Java library depends on parts of Hadoop.
 */
@NullMarked
package io.github.tralign.parquet;

import org.jspecify.annotations.NullMarked;
