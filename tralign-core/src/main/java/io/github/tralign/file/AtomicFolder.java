package io.github.tralign.file;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** Writes folders so that they appear only when they are complete. */
public final class AtomicFolder {

  private AtomicFolder() {}

  /** Writes a folder's files. */
  @FunctionalInterface
  public interface Content {
    /** Writes into an existing empty folder. */
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Writes {@code folder} under a temporary name in the same parent, forces it to disk and moves it
   * into place. After any failure, also in {@code content}, an existing folder of that name is
   * unchanged and no temporary folder is left.
   *
   * @param replace whether an existing folder that is not empty is replaced
   * @throws InvalidInputException if the folder is not empty and {@code replace} is false
   * @throws IOException if it cannot be written
   */
  public static void write(Path folder, boolean replace, Content content) throws IOException {
    Path parent = AtomicFile.parent(folder);
    Files.createDirectories(parent);
    Path temporary = AtomicFile.sibling(folder, "tmp");
    try {
      content.writeTo(Files.createDirectory(temporary));
      Folders.force(temporary);
      moveIntoPlace(temporary, folder, replace);
    } catch (IOException | RuntimeException | Error e) {
      deleteAfter(e, temporary);
      throw e;
    }
    AtomicFile.force(parent);
  }

  /** Deletes a folder. It is renamed first, so that it never exists in part under its name. */
  public static void delete(Path folder) throws IOException {
    Path old = AtomicFile.sibling(folder, "old");
    move(folder, old);
    Folders.delete(old);
  }

  /** An old folder is moved aside first, and moved back on failure. */
  private static void moveIntoPlace(Path temporary, Path target, boolean replace)
      throws IOException {
    if (!Files.exists(target)) {
      move(temporary, target);
    } else if (isEmpty(target)) {
      Files.delete(target);
      move(temporary, target);
    } else if (replace) {
      Path old = AtomicFile.sibling(target, "old");
      move(target, old);
      try {
        move(temporary, target);
      } catch (IOException e) {
        move(old, target);
        throw e;
      }
      Folders.delete(old);
    } else {
      throw new InvalidInputException(target + ": has meanwhile been filled by another program");
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  private static void deleteAfter(Throwable failure, Path temporary) {
    try {
      Folders.delete(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
