package io.github.tralign.djl.kernel;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of native libraries, judged by their headers: loading one that is cut short ends the
 * process. Of the formats, ELF is known (Linux); any other file only must not be empty.
 */
final class LibraryFile {

  private static final int HEADER = 64; // bytes, of a 64-bit ELF file
  private static final int SEGMENT = 56; // bytes of an entry in the table of segments

  // Places in the header.
  private static final int SEGMENTS = 0x20;
  private static final int SECTIONS = 0x28;
  private static final int SEGMENT_SIZE = 0x36;
  private static final int MAGIC = 0x464c457f; // 0x7f, E, L, F

  private LibraryFile() {}

  /**
   * The first of a folder's libraries that is damaged, with the reason, as {@code libc10.so is
   * empty}.
   */
  static Optional<String> damageWithin(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> libraries = entries.filter(LibraryFile::isLibrary).sorted().toList();
      return libraries.stream().flatMap(it -> damage(it).stream()).findFirst();
    } catch (IOException e) {
      return Optional.of("the folder cannot be read: " + Reason.of(e));
    }
  }

  private static boolean isLibrary(Path file) {
    return String.valueOf(file.getFileName()).matches(".+\\.(so(\\.[\\d.]+)?|dylib|dll)");
  }

  /** What is wrong with a library, with its name. */
  static Optional<String> damage(Path file) {
    String name = String.valueOf(file.getFileName());
    if (Files.exists(file, NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
      return Optional.of(name + " is not a file");
    }
    try {
      return damage(file, Files.size(file)).map(it -> name + " " + it);
    } catch (IOException e) {
      return Optional.of(name + " cannot be read: " + Reason.of(e));
    }
  }

  private static Optional<String> damage(Path file, long size) throws IOException {
    if (size == 0) {
      return Optional.of("is empty");
    }
    if (!System.mapLibraryName("").endsWith(".so")) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer header = read(channel, 0, HEADER);
      if (header.limit() < HEADER
          || header.getInt(0) != MAGIC
          || header.getShort(SEGMENT_SIZE) != SEGMENT) {
        return Optional.of("is not a library (a 64-bit ELF file)");
      }
      long end = Math.max(endOfSections(header), endOfSegments(header, channel));
      return size < end
          ? Optional.of(
              String.format(Locale.ROOT, "is cut short: it has %,d of %,d bytes", size, end))
          : Optional.empty();
    }
  }

  private static long endOfSections(ByteBuffer header) {
    long length = Short.toUnsignedLong(header.getShort(0x3a));
    return header.getLong(SECTIONS) + length * Short.toUnsignedLong(header.getShort(0x3c));
  }

  /** The end of what is mapped into memory; that of the table itself if that is cut. */
  private static long endOfSegments(ByteBuffer header, FileChannel channel) throws IOException {
    int length = SEGMENT * Short.toUnsignedInt(header.getShort(0x38));
    long from = Math.max(0, header.getLong(SEGMENTS));
    ByteBuffer table = read(channel, from, length);
    long end = from + length;
    for (int at = 0; at + SEGMENT <= table.limit(); at += SEGMENT) {
      end = Math.max(end, table.getLong(at + 0x08) + table.getLong(at + 0x20));
    }
    return end;
  }

  private static ByteBuffer read(FileChannel channel, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
      // goes on
    }
    return bytes.flip();
  }
}
