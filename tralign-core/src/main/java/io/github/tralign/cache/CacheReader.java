package io.github.tralign.cache;

import com.google.common.io.BaseEncoding;
import com.google.common.primitives.ImmutableIntArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Reads the content of an intact cache file, value by value as it was written, from a memory-mapped
 * file.
 */
public final class CacheReader implements AutoCloseable {

  private static final int WINDOW = 1 << 28;

  private final FileChannel channel;
  private final long end;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long next = CacheFormat.HEADER; // end of the window in the file

  private CacheReader(FileChannel channel, long end) {
    this.channel = channel;
    this.end = end;
  }

  /** Opens a file and verifies its checksum. */
  static CacheReader open(Path file, String key) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new CacheReader(channel, checkedEnd(channel, key));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The end of the content. */
  private static long checkedEnd(FileChannel channel, String key) throws IOException {
    long end = channel.size() - CacheFormat.TRAILER;
    if (end < CacheFormat.HEADER) {
      throw new IOException("the file is truncated");
    }
    ByteBuffer header = map(channel, 0, CacheFormat.HEADER);
    CRC32C checksum = new CRC32C();
    for (long from = CacheFormat.HEADER; from < end; from += WINDOW) {
      checksum.update(map(channel, from, Math.min(WINDOW, end - from)));
    }
    checksum.update(header.duplicate());
    byte[] stored = new byte[32];
    boolean known = header.getLong() == CacheFormat.MAGIC;
    header.get(stored);
    if (!known
        || header.getLong() != end - CacheFormat.HEADER
        || map(channel, end, CacheFormat.TRAILER).getInt() != (int) checksum.getValue()) {
      throw new IOException("the file is damaged");
    }
    if (!BaseEncoding.base16().lowerCase().encode(stored).equals(key)) {
      throw new IOException("the file's key differs from its name");
    }
    return end;
  }

  private static ByteBuffer map(FileChannel channel, long from, long length) throws IOException {
    return channel.map(FileChannel.MapMode.READ_ONLY, from, length);
  }

  /** Reads an {@code int}. */
  public int getInt() throws IOException {
    return bytes(Integer.BYTES).getInt();
  }

  /** Reads a {@code long}. */
  public long getLong() throws IOException {
    return bytes(Long.BYTES).getLong();
  }

  /** Reads a {@code double}. */
  public double getDouble() throws IOException {
    return bytes(Double.BYTES).getDouble();
  }

  /** Reads a text. */
  public String getText() throws IOException {
    byte[] text = new byte[getInt()];
    bytes(text.length).get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Reads an array of {@code int}. */
  public ImmutableIntArray getInts() throws IOException {
    int length = getInt();
    ByteBuffer from = bytes(length * Integer.BYTES);
    ImmutableIntArray.Builder values = ImmutableIntArray.builder(length); // made without a copy
    for (int i = 0; i < length; i++) {
      values.add(from.getInt());
    }
    return values.build();
  }

  /** Reads an array of {@code double}. */
  public double[] getDoubles() throws IOException {
    double[] values = new double[getInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = getDouble();
    }
    return values;
  }

  /** A buffer with the next bytes. */
  private ByteBuffer bytes(int needed) throws IOException {
    if (window.remaining() < needed) {
      long from = next - window.remaining();
      long length = Math.min(Math.max(WINDOW, needed), end - from);
      window = map(channel, from, length);
      next = from + length;
    }
    return window;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written.
    }
  }
}
