package io.github.tralign.parquet;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.source.RecordFormat;
import io.github.tralign.data.source.RecordReader;
import java.nio.file.Path;

/** Parquet, as Hugging Face ships data sets: with lists, objects and lists of objects. */
public final class ParquetFormat implements RecordFormat {

  /** Made by the service loader. */
  public ParquetFormat() {}

  @Override
  public ImmutableList<String> suffixes() {
    return ImmutableList.of(".parquet");
  }

  /** Never as a whole: its pages are compressed one by one, and read from anywhere. */
  @Override
  public boolean compressible() {
    return false;
  }

  @Override
  public RecordReader open(Path path) {
    return ParquetReader.of(path);
  }
}
