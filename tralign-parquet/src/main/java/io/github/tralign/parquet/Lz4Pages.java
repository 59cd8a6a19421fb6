package io.github.tralign.parquet;

import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;

/** Decompresses LZ4 pages, each into new memory of exactly the size in its header. */
final class Lz4Pages implements BytesInputDecompressor {

  private final Lz4Decompressor lz4 = new Lz4Decompressor();

  @Override
  public BytesInput decompress(BytesInput page, int size) throws IOException {
    return BytesInput.from(content(page.toInputStream().readAllBytes(), size));
  }

  @Override
  public void decompress(ByteBuffer page, int compressedSize, ByteBuffer to, int size)
      throws IOException {
    byte[] compressed = new byte[compressedSize];
    page.get(compressed);
    to.put(content(compressed, size));
  }

  /**
   * Decompresses a page. The library writes an empty page as zero bytes, which is not valid LZ4.
   */
  private byte[] content(byte[] page, int size) throws IOException {
    byte[] content = new byte[size];
    int held = page.length == 0 ? 0 : lz4.decompress(page, 0, page.length, content, 0, size);
    if (held != size) {
      throw new IOException(
          "a page's LZ4 data does not have the " + size + " bytes that its header specifies");
    }
    return content;
  }

  @Override
  public void release() {
    // nothing to release
  }
}
