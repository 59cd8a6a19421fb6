package io.github.tralign.parquet;

import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopCodecs;

/**
 * The library's codecs, but for LZ4. Its LZ4 works in a buffer that passes from file to file, as
 * large as any page before it: so what a damaged page gives would depend on what was read before.
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
