package io.github.tralign.file;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** Folders that appear complete or not at all. */
public final class AtomicFolder {

  private AtomicFolder() {}

  /** Writes a folder's files. */
  @FunctionalInterface
  public interface Content {
    /** Writes into a folder that is there and empty. */
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Writes {@code folder} under a temporary name beside it, forces it to disk and moves it into
   * place. Whatever fails, also in {@code content}, leaves a folder of that name as it was and no
   * temporary.
   *
   * @param replace whether a folder that has something in it is replaced
   * @throws InvalidInputException if it has, and is not
   * @throws IOException if the disk does not take it
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

  /** Deletes a folder, which is never there in part: it gets a temporary name first. */
  public static void delete(Path folder) throws IOException {
    Path old = AtomicFile.sibling(folder, "old");
    move(folder, old);
    Folders.delete(old);
  }

  /** An old folder is moved aside first, and back if that fails. */
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
      throw new InvalidInputException(target + ": was filled by another program meanwhile");
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
