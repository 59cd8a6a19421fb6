package io.github.tralign.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.Compressor;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.snappy.SnappyCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;

class PageCodecsTest {

  private final PageCodecs codecs = new PageCodecs();

  @Property(tries = 200)
  void what_was_compressed_comes_back(
      @ForAll("supported") CompressionCodecName codec, @ForAll @Size(max = 300) byte[] content)
      throws IOException {
    byte[] page = compressed(codec, content);
    assertThat(decompressed(codec, page, content.length)).isEqualTo(content);
    ByteBuffer to = ByteBuffer.allocate(content.length);
    BytesInputDecompressor pages = codecs.getDecompressor(codec);
    pages.decompress(ByteBuffer.wrap(page), page.length, to, content.length);
    assertThat(to.array()).isEqualTo(content);
  }

  @Property(tries = 200)
  void a_page_that_holds_more_or_less_than_its_header_gives_is_refused(
      @ForAll("supported") CompressionCodecName codec,
      @ForAll @Size(min = 1, max = 300) byte[] content) {
    byte[] page = compressed(codec, content);
    assertThatThrownBy(() -> decompressed(codec, page, content.length - 1))
        .isInstanceOf(Exception.class);
    assertThatThrownBy(() -> decompressed(codec, page, content.length + 1))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "data does not have the %d bytes that its header specifies", content.length + 1);
  }

  @Property(tries = 20)
  void a_page_of_nothing_may_be_nothing(@ForAll("supported") CompressionCodecName codec)
      throws IOException {
    assertThat(decompressed(codec, new byte[0], 0)).isEmpty();
    assertThatThrownBy(() -> decompressed(codec, new byte[0], 1)).isInstanceOf(IOException.class);
  }

  /** It would copy what memory held before, 14 bytes of it here. */
  @Test
  void a_repetition_at_distance_zero_is_refused() throws IOException {
    byte[] page = {0x1A, 'a', 0, 0, 0x50, 'v', 'w', 'x', 'y', 'z'};
    CompressionCodecName lz4 = CompressionCodecName.LZ4_RAW;
    assertThatThrownBy(() -> decompressed(lz4, page, 1 + 14 + 5))
        .hasMessageStartingWith("offset outside destination buffer");
    page[2] = 1;
    assertThat(decompressed(lz4, page, 1 + 14 + 5))
        .asString(US_ASCII)
        .isEqualTo("a".repeat(15) + "vwxyz");
  }

  @Test
  void a_codec_that_is_not_there_is_reported_with_others_that_are() {
    Exception e = new PageCodecs.UnsupportedCodecException(CompressionCodecName.BROTLI);
    assertThatThrownBy(() -> codecs.getDecompressor(CompressionCodecName.BROTLI))
        .hasSameClassAs(e)
        .hasMessage(e.getMessage());
    assertThat(ParquetReader.unreadable("a.parquet", new IOException(e)))
        .hasMessage(
            "a.parquet: cannot be read as Parquet"
                + " (BROTLI is not available to decompress its pages; write the file with"
                + " snappy, gzip or zstd)");
  }

  @Provide
  Arbitrary<CompressionCodecName> supported() {
    return Arbitraries.of(
        CompressionCodecName.UNCOMPRESSED,
        CompressionCodecName.SNAPPY,
        CompressionCodecName.GZIP,
        CompressionCodecName.ZSTD,
        CompressionCodecName.LZ4_RAW);
  }

  private byte[] decompressed(CompressionCodecName codec, byte[] page, int size)
      throws IOException {
    BytesInputDecompressor pages = codecs.getDecompressor(codec);
    return pages.decompress(BytesInput.from(page), size).toInputStream().readAllBytes();
  }

  private static byte[] compressed(CompressionCodecName codec, byte[] content) {
    return switch (codec) {
      case SNAPPY -> compressed(new SnappyCompressor(), content);
      case LZ4_RAW -> compressed(new Lz4Compressor(), content);
      case ZSTD -> Zstd.compress(content);
      case GZIP -> gzip(content);
      default -> content;
    };
  }

  private static byte[] compressed(Compressor compressor, byte[] content) {
    byte[] page = new byte[compressor.maxCompressedLength(content.length)];
    int size = compressor.compress(content, 0, content.length, page, 0, page.length);
    return Arrays.copyOf(page, size);
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(page)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toByteArray();
  }
}
