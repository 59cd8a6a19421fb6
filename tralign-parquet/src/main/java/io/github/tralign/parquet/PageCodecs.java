package io.github.tralign.parquet;

import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopCodecs;

/**
 * The library's codecs, except for LZ4. The library's LZ4 reuses a buffer across files, so the
 * content of a damaged page would depend on what was read before.
 */
final class PageCodecs implements CompressionCodecFactory {

  private final CompressionCodecFactory codecs =
      HadoopCodecs.newFactory(new PlainParquetConfiguration(), 0);

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return codecs.getCompressor(codec);
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return codec == CompressionCodecName.LZ4_RAW ? new Lz4Pages() : codecs.getDecompressor(codec);
  }

  @Override
  public void release() {
    codecs.release();
  }
}
