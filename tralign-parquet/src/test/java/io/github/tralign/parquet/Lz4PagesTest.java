package io.github.tralign.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.lz4.Lz4Compressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.parquet.bytes.BytesInput;
import org.junit.jupiter.api.Test;

class Lz4PagesTest {

  private final Lz4Pages pages = new Lz4Pages();

  @Property(tries = 200)
  void what_was_compressed_comes_back(@ForAll @Size(max = 300) byte[] content) throws IOException {
    byte[] page = compressed(content);
    assertThat(decompressed(page, content.length)).isEqualTo(content);
    ByteBuffer to = ByteBuffer.allocate(content.length);
    pages.decompress(ByteBuffer.wrap(page), page.length, to, content.length);
    assertThat(to.array()).isEqualTo(content);
  }

  @Property(tries = 200)
  void a_page_that_holds_more_or_less_than_its_header_gives_is_refused(
      @ForAll @Size(min = 1, max = 300) byte[] content) {
    byte[] page = compressed(content);
    assertThatThrownBy(() -> decompressed(page, content.length - 1)).isInstanceOf(Exception.class);
    assertThatThrownBy(() -> decompressed(page, content.length + 1))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "a page's LZ4 data does not have the %d bytes that its header specifies",
            content.length + 1);
  }

  @Test
  void a_page_of_nothing_may_be_nothing() throws IOException {
    assertThat(decompressed(new byte[0], 0)).isEmpty();
    assertThatThrownBy(() -> decompressed(new byte[0], 1)).isInstanceOf(IOException.class);
  }

  /** It would copy what memory held before, 14 bytes of it here. */
  @Test
  void a_repetition_at_distance_zero_is_refused() throws IOException {
    byte[] page = {0x1A, 'a', 0, 0, 0x50, 'v', 'w', 'x', 'y', 'z'};
    assertThatThrownBy(() -> decompressed(page, 1 + 14 + 5))
        .hasMessageStartingWith("offset outside destination buffer");
    page[2] = 1;
    assertThat(decompressed(page, 1 + 14 + 5))
        .asString(US_ASCII)
        .isEqualTo("a".repeat(15) + "vwxyz");
  }

  private byte[] decompressed(byte[] page, int size) throws IOException {
    return pages.decompress(BytesInput.from(page), size).toInputStream().readAllBytes();
  }

  private static byte[] compressed(byte[] content) {
    Lz4Compressor lz4 = new Lz4Compressor();
    byte[] page = new byte[lz4.maxCompressedLength(content.length)];
    return Arrays.copyOf(page, lz4.compress(content, 0, content.length, page, 0, page.length));
  }
}
