package io.github.tralign.cache;

/**
 * The format of a cache file: the magic number, the key (32 bytes), the length of the content (8
 * bytes), the content, and the CRC-32C of content and header, in this order (4 bytes). Big-endian.
 */
final class CacheFormat {

  static final long MAGIC = 0x5452414c49474e31L; // "TRALIGN1"
  static final int HEADER = Long.BYTES + 32 + Long.BYTES;
  static final int TRAILER = Integer.BYTES;

  private CacheFormat() {}
}
