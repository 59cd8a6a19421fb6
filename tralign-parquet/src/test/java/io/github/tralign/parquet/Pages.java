package io.github.tralign.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/** Where a Parquet file has the contents of its pages, which its checksums are of. */
final class Pages {

  private static final int TAIL = 8; // length of the footer, and the magic

  private Pages() {}

  /** The places of all bytes that are content of a page, not its header. */
  static IntStream contents(byte[] bytes) throws IOException {
    IntStream places = IntStream.empty();
    int footer = ParquetFuzzTest.footer(bytes);
    FileMetaData file =
        Util.readFileMetaData(
            new ByteArrayInputStream(bytes, footer, bytes.length - TAIL - footer));
    for (RowGroup group : file.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        places = IntStream.concat(places, contents(bytes, chunk.getMeta_data()));
      }
    }
    return places;
  }

  /** A file of one page whose header claims another size of its content. */
  static byte[] claiming(byte[] bytes, int size) throws IOException {
    int footer = ParquetFuzzTest.footer(bytes);
    FileMetaData file =
        Util.readFileMetaData(
            new ByteArrayInputStream(bytes, footer, bytes.length - TAIL - footer));
    ColumnChunk column = file.getRow_groups().get(0).getColumns().get(0);
    ColumnMetaData chunk = column.getMeta_data();
    int at = (int) chunk.getData_page_offset();
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, at, footer - at);
    PageHeader header = Util.readPageHeader(in);

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    Util.writePageHeader(header.setUncompressed_page_size(size), out);
    out.write(in.readNBytes(header.getCompressed_page_size()));
    chunk.setTotal_compressed_size(out.size() - at);
    int end = out.size();
    Util.writeFileMetaData(file, out);
    ByteBuffer tail = ByteBuffer.allocate(TAIL).order(ByteOrder.LITTLE_ENDIAN);
    out.write(tail.putInt(out.size() - end).put("PAR1".getBytes(US_ASCII)).array());
    return out.toByteArray();
  }

  private static IntStream contents(byte[] bytes, ColumnMetaData chunk) throws IOException {
    IntStream places = IntStream.empty();
    int at =
        (int)
            (chunk.isSetDictionary_page_offset()
                ? chunk.getDictionary_page_offset()
                : chunk.getData_page_offset());
    int end = at + (int) chunk.getTotal_compressed_size();
    while (at < end) {
      ByteArrayInputStream in = new ByteArrayInputStream(bytes, at, end - at);
      int size = Util.readPageHeader(in).getCompressed_page_size();
      int content = end - in.available();
      places = IntStream.concat(places, IntStream.range(content, content + size));
      at = content + size;
    }
    return places;
  }
}
