package io.github.tralign.djl.huggingface;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * A part of a file that is mapped into memory for reading and unmapped by closing.
 *
 * <p>If unmapping were left to the garbage collector, the pages of a whole checkpoint would count
 * as resident memory long after they were copied, since the heap gives no reason for a collection.
 */
final class MappedRegion implements AutoCloseable {
  private static final MemoryMapping MAPPING = MemoryMapping.best();

  private final ByteBuffer bytes;
  private final Runnable unmap;

  /**
   * Wraps mapped bytes.
   *
   * @param bytes the mapped bytes, in any byte order
   * @param unmap unmaps them
   */
  MappedRegion(ByteBuffer bytes, Runnable unmap) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.unmap = unmap;
  }

  /** Maps {@code length} bytes from {@code position} on, read-only. */
  static MappedRegion of(FileChannel channel, long position, long length) throws IOException {
    return MAPPING.map(channel, position, length);
  }

  /** The bytes, little-endian. They and their views must not be used after closing. */
  ByteBuffer bytes() {
    return bytes;
  }

  /**
   * Unmaps the bytes if the virtual machine supports it, else leaves them to the garbage collector.
   */
  @Override
  public void close() {
    unmap.run();
  }
}
