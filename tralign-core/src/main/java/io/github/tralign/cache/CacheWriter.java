package io.github.tralign.cache;

import com.google.common.io.BaseEncoding;
import com.google.common.primitives.ImmutableIntArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Writes the content of a cache file, value by value. */
public final class CacheWriter {

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private final String key;
  private final CRC32C checksum = new CRC32C();

  CacheWriter(FileChannel channel, String key) throws IOException {
    this.channel = channel;
    this.key = key;
    channel.position(CacheFormat.HEADER);
  }

  /** Writes an {@code int}. */
  public void putInt(int value) throws IOException {
    room(Integer.BYTES).putInt(value);
  }

  /** Writes a {@code long}. */
  public void putLong(long value) throws IOException {
    room(Long.BYTES).putLong(value);
  }

  /** Writes a {@code double}. */
  public void putDouble(double value) throws IOException {
    room(Double.BYTES).putDouble(value);
  }

  /** Writes a text. */
  public void putText(String text) throws IOException {
    putBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the number of bytes, then the bytes. */
  public void putBytes(byte[] bytes) throws IOException {
    putInt(bytes.length);
    for (int from = 0; from < bytes.length; from += buffer.capacity()) {
      int length = Math.min(buffer.capacity(), bytes.length - from);
      room(length).put(bytes, from, length);
    }
  }

  /** Writes the length of an array, then its values. */
  public void putInts(ImmutableIntArray values) throws IOException {
    putInt(values.length());
    for (int i = 0; i < values.length(); i++) {
      putInt(values.get(i));
    }
  }

  /** Writes the length of an array, then its values. */
  public void putDoubles(double[] values) throws IOException {
    putInt(values.length);
    for (double value : values) {
      putDouble(value);
    }
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void flush() throws IOException {
    buffer.flip();
    checksum.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** Completes the file with header and checksum. */
  void finish() throws IOException {
    flush();
    ByteBuffer header = ByteBuffer.allocate(CacheFormat.HEADER);
    header.putLong(CacheFormat.MAGIC);
    header.put(BaseEncoding.base16().lowerCase().decode(key));
    header.putLong(channel.position() - CacheFormat.HEADER).flip();
    checksum.update(header.duplicate());
    buffer.putInt((int) checksum.getValue()).flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    while (header.hasRemaining()) {
      channel.write(header, header.position());
    }
  }
}
