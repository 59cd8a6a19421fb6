package io.github.tralign.parquet;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * How pages are decompressed. The library's own codecs need most of Hadoop, and some reuse a buffer
 * across files, so the content of a damaged page would depend on what was read before.
 */
final class PageCodecs implements CompressionCodecFactory {

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return switch (codec) {
      case UNCOMPRESSED -> new PageDecompressor("uncompressed", PageCodecs::copy);
      case SNAPPY -> {
        SnappyDecompressor snappy = new SnappyDecompressor();
        yield new PageDecompressor(
            "Snappy", (page, to) -> snappy.decompress(page, 0, page.length, to, 0, to.length));
      }
      case GZIP -> new PageDecompressor("gzip", PageCodecs::gunzip);
      case ZSTD -> new PageDecompressor("Zstandard", PageCodecs::unzstd);
      case LZ4_RAW -> {
        Lz4Decompressor lz4 = new Lz4Decompressor();
        yield new PageDecompressor(
            "LZ4", (page, to) -> lz4.decompress(page, 0, page.length, to, 0, to.length));
      }
      case LZO, BROTLI, LZ4 -> throw new UnsupportedCodecException(codec);
    };
  }

  private static int copy(byte[] page, byte[] to) {
    System.arraycopy(page, 0, to, 0, Math.min(page.length, to.length));
    return page.length;
  }

  private static int gunzip(byte[] page, byte[] to) throws IOException {
    try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(page))) {
      int held = content.readNBytes(to, 0, to.length);
      return content.read() < 0 ? held : held + 1;
    }
  }

  private static int unzstd(byte[] page, byte[] to) throws IOException {
    long held = Zstd.decompressByteArray(to, 0, to.length, page, 0, page.length);
    if (Zstd.isError(held)) {
      throw new IOException("a page's Zstandard data is invalid: " + Zstd.getErrorName(held));
    }
    return Math.toIntExact(held);
  }

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    throw new UnsupportedOperationException("files are read only");
  }

  @Override
  public void release() {
    // nothing is kept
  }

  /** A codec that writers hardly use, or whose format is not documented. */
  static final class UnsupportedCodecException extends RuntimeException {

    UnsupportedCodecException(CompressionCodecName codec) {
      super(
          codec
              + " is not available to decompress its pages; write the file with snappy, gzip or zstd");
    }
  }
}
