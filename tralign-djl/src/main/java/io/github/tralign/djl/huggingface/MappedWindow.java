package io.github.tralign.djl.huggingface;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * A part of a file, mapped into memory to be read and unmapped when it is closed.
 *
 * <p>Left to the garbage collector, the pages of a whole checkpoint would count as resident memory
 * of the program long after they were copied, since nothing on the heap presses for a collection.
 */
final class MappedWindow implements AutoCloseable {
  private static final Mapping MAPPING = Mapping.best();

  private final ByteBuffer bytes;
  private final Runnable unmap;

  /**
   * A mapping that {@code unmap} ends.
   *
   * @param bytes of any byte order
   */
  MappedWindow(ByteBuffer bytes, Runnable unmap) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.unmap = unmap;
  }

  /** Maps {@code length} bytes from {@code position} on, read-only. */
  static MappedWindow of(FileChannel channel, long position, long length) throws IOException {
    return MAPPING.map(channel, position, length);
  }

  /** The bytes, little-endian; neither they nor a view of them may be used after closing. */
  ByteBuffer bytes() {
    return bytes;
  }

  /**
   * Unmaps the bytes now where the virtual machine offers it, else leaves them to the collector.
   */
  @Override
  public void close() {
    unmap.run();
  }
}
