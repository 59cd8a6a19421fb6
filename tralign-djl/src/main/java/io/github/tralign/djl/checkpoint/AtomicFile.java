package io.github.tralign.djl.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files and folders that appear complete or not at all. */
final class AtomicFile {
  private AtomicFile() {}

  /** Writes a file's content. */
  @FunctionalInterface
  interface Content {
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /**
   * Writes {@code file} under a temporary name beside it, forces it to disk and renames it.
   * Whatever fails, also in {@code content}, leaves a file of that name as it was and no temporary.
   */
  static void write(Path file, Content content) {
    Path temporary = sibling(file, "tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(parent(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + e, e);
    } finally {
      deleteQuietly(temporary); // gone already if it was renamed
    }
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The failure that kept it from being renamed says more.
    }
  }

  /** A name for a temporary beside {@code path}, hidden and not in use. */
  static Path sibling(Path path, String purpose) {
    String name =
        "." + path.toAbsolutePath().getFileName() + "." + purpose + "-" + UUID.randomUUID();
    return parent(path).resolve(name);
  }

  /** The folder that {@code path} is in. */
  static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " is the root of a file system");
    }
    return parent;
  }

  /** Forces a folder's entries to disk, where the system can open folders (Windows cannot). */
  static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Only durability across a power failure is lost; the content is whole either way.
    }
  }
}
