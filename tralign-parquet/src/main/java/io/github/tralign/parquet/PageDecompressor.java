package io.github.tralign.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;

/** Decompresses pages, each into new memory of exactly the size in its header. */
final class PageDecompressor implements BytesInputDecompressor {

  /** Decompresses a page; returns the number of bytes that the page has, which may be another. */
  @FunctionalInterface
  interface Algorithm {
    int decompress(byte[] page, byte[] to) throws IOException;
  }

  private final String name;
  private final Algorithm algorithm;

  PageDecompressor(String name, Algorithm algorithm) {
    this.name = name;
    this.algorithm = algorithm;
  }

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

  /** An empty page is written as zero bytes, which few compressed formats allow. */
  private byte[] content(byte[] page, int size) throws IOException {
    byte[] content = new byte[size];
    int held = page.length == 0 ? 0 : algorithm.decompress(page, content);
    if (held != size) {
      throw new IOException(
          "a page's "
              + name
              + " data does not have the "
              + size
              + " bytes that its header specifies");
    }
    return content;
  }

  @Override
  public void release() {
    // nothing is kept
  }
}
