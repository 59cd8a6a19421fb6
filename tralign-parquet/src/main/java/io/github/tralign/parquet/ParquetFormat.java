package io.github.tralign.parquet;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.source.RecordFormat;
import io.github.tralign.data.source.RecordReader;
import java.nio.file.Path;

/**
 * The Parquet format, in which Hugging Face publishes data sets; with lists, objects and lists of
 * objects.
 */
public final class ParquetFormat implements RecordFormat {

  /** Used by the service loader. */
  public ParquetFormat() {}

  @Override
  public ImmutableList<String> suffixes() {
    return ImmutableList.of(".parquet");
  }

  /** False: Parquet compresses its pages itself and requires random access. */
  @Override
  public boolean compressible() {
    return false;
  }

  @Override
  public RecordReader open(Path path) {
    return ParquetReader.of(path);
  }
}
