package io.github.tralign.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes files so that they appear only when they are complete. */
public final class AtomicFile {

  private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.(tmp|old)-[0-9a-f-]{36}");

  private AtomicFile() {}

  /** Writes a file's content. */
  @FunctionalInterface
  public interface Content {
    /** Writes the content to an empty {@code channel}. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes {@code file} under a temporary name in the same folder, forces it to disk and renames
   * it. After any failure, also in {@code content}, an existing file of that name is unchanged and
   * no temporary file is left.
   *
   * @throws UncheckedIOException if it cannot be written; the message names the file
   */
  public static void write(Path file, Content content) {
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
      throw failure(file, e);
    } catch (UncheckedIOException e) {
      throw failure(file, Objects.requireNonNull(e.getCause()));
    } finally {
      deleteQuietly(temporary); // gone already if it was renamed
    }
  }

  /**
   * Renames a temporary, never over a file that is there, not even over one that appears at the
   * same moment: a plain move looks first and moves then.
   *
   * @throws FileAlreadyExistsException if a file of that name exists; both stay as they are
   */
  public static void moveToNew(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) { // a file system without hard links
      Files.createFile(file);
      try {
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException failure) {
        deleteQuietly(file); // the empty one, made above
        throw failure;
      }
      force(parent(file));
      return;
    }
    Files.delete(temporary);
    force(parent(file));
  }

  /** As {@link #write} for a text, in UTF-8. */
  public static void writeString(Path file, String text) {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    write(file, channel -> writeFully(channel, bytes));
  }

  /** Writes all remaining bytes of a buffer, in several calls if necessary. */
  public static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static UncheckedIOException failure(Path file, IOException e) {
    return new UncheckedIOException(file + ": cannot be written: " + Reason.of(e), e);
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The original failure is more informative.
    }
  }

  /**
   * A hidden, unused name for a temporary file in the folder of {@code path}.
   *
   * @param purpose {@code tmp} for a new file, {@code old} for the one it replaces
   */
  public static Path sibling(Path path, String purpose) {
    String name =
        "." + path.toAbsolutePath().getFileName() + "." + purpose + "-" + UUID.randomUUID();
    return parent(path).resolve(name);
  }

  /** Whether a name is that of a temporary file, which only a killed process leaves behind. */
  public static boolean isTemporary(Path path) {
    return TEMPORARY.matcher(String.valueOf(path.getFileName())).matches();
  }

  /**
   * Deletes the files that killed processes left behind in a folder: temporary files, and files
   * with the given name prefixes, that have not been changed for an hour. Files that cannot be
   * deleted are kept.
   */
  public static void deleteAbandoned(Path folder, String... beginnings) {
    Instant old = Instant.now().minus(1, ChronoUnit.HOURS);
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String name = String.valueOf(entry.getFileName());
        boolean ours = isTemporary(entry) || Stream.of(beginnings).anyMatch(name::startsWith);
        if (ours
            && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
            && Files.getLastModifiedTime(entry).toInstant().isBefore(old)) {
          deleteQuietly(entry);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // This only saves disk space.
    }
  }

  /** The folder of {@code path}. */
  public static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " is the root of a file system");
    }
    return parent;
  }

  /**
   * Forces a folder's entries to disk, if the system can open folders.
   *
   * @throws IOException if it can, but forcing fails
   */
  public static void force(Path folder) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      return; // Windows cannot, and does not need it
    }
    try (channel) {
      channel.force(true);
    }
  }
}
