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

/** Files that appear complete or not at all. */
public final class AtomicFile {

  private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.(tmp|old)-[0-9a-f-]{36}");

  private AtomicFile() {}

  /** Writes a file's content. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to {@code channel}, which is empty. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes {@code file} under a temporary name beside it, forces it to disk and renames it.
   * Whatever fails, also in {@code content}, leaves a file of that name as it was and no temporary.
   *
   * @throws UncheckedIOException if the disk does not take it; the message names the file
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
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

  /** Writes all that a buffer has left; a channel may take less at a time. */
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
      // The failure that kept it from being renamed says more.
    }
  }

  /**
   * A name for a temporary beside {@code path}, hidden and not in use.
   *
   * @param purpose {@code tmp} for what is new, {@code old} for what it replaces
   */
  public static Path sibling(Path path, String purpose) {
    String name =
        "." + path.toAbsolutePath().getFileName() + "." + purpose + "-" + UUID.randomUUID();
    return parent(path).resolve(name);
  }

  /** Whether a name is a temporary's, which only a process that was killed leaves behind. */
  public static boolean isTemporary(Path path) {
    return TEMPORARY.matcher(String.valueOf(path.getFileName())).matches();
  }

  /**
   * Deletes the files that processes which were killed left behind in a folder: temporaries, and
   * those whose names begin as given, that nobody has changed for an hour. What cannot be deleted
   * stays.
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
      // It is only about room on the disk.
    }
  }

  /** The folder that {@code path} is in. */
  public static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " is the root of a file system");
    }
    return parent;
  }

  /**
   * Forces a folder's entries to disk, where the system can open folders.
   *
   * @throws IOException if it can, but the disk does not take them
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
