package io.github.tralign.djl.huggingface;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.AtomicFolder;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a model's folder, after checking that it may be created or replaced. */
final class TargetFolder {
  private static final String CARD = "README.md";

  private TargetFolder() {}

  /**
   * Writes {@code folder} atomically. A model card that is replaced with it stays: it may have been
   * edited, and the checkpoint is complete without it.
   *
   * @param replace whether an existing checkpoint is replaced
   * @param source a folder that {@code content} reads from; must not be inside {@code folder}
   * @param kept folders that must not be replaced: neither {@code folder} nor inside it
   */
  static void write(
      Path folder,
      boolean replace,
      @Nullable Path source,
      List<Path> kept,
      AtomicFolder.Content content) {
    try {
      Path target = resolved(folder);
      check(folder, target, replace);
      if (source != null) {
        if (!Files.isDirectory(source)) {
          throw new InvalidInputException(source + ": no such folder to copy files from");
        }
        checkKeeps(folder, target, source);
      }
      for (Path read : kept) {
        checkKeeps(folder, target, read);
        if (resolved(read).equals(target)) {
          throw new InvalidInputException(
              folder
                  + ": is the folder the model was loaded from; choose another folder, or allow it to"
                  + " be replaced");
        }
      }
      Path card = target.resolve(CARD);
      AtomicFolder.write(
          target,
          replace,
          temporary -> {
            content.writeTo(temporary);
            if (Files.isRegularFile(card)) {
              CompanionFiles.copyFile(card, temporary.resolve(CARD));
            }
          });
    } catch (IOException e) {
      throw failure(folder, e);
    } catch (
        UncheckedIOException
            e) { // its message names a file in the temporary folder, which has been deleted
      throw failure(folder, Objects.requireNonNull(e.getCause()));
    }
  }

  private static UncheckedIOException failure(Path folder, IOException e) {
    return new UncheckedIOException(folder + ": cannot be written: " + Reason.of(e), e);
  }

  /** The target of {@code folder} if it is a link, so that the link is kept. */
  private static Path resolved(Path folder) throws IOException {
    return Files.exists(folder) ? folder.toRealPath() : folder.toAbsolutePath().normalize();
  }

  private static void check(Path folder, Path target, boolean replace) throws IOException {
    if (target.getParent() == null) {
      throw new InvalidInputException(folder + ": is the root of a file system; choose a folder");
    }
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new InvalidInputException(folder + ": is not a folder; choose a new or empty folder");
    }
    if (isEmpty(target)) {
      return;
    }
    if (!replace) {
      throw new InvalidInputException(folder + ": is not empty; choose a new or empty folder");
    }
    if (!Files.exists(target.resolve(CheckpointFolder.CONFIG))
        && !Files.exists(target.resolve("adapter_config.json"))) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: is not empty and has no %s, so it is not a checkpoint that can be replaced;"
                  + " choose a new or empty folder",
              folder,
              CheckpointFolder.CONFIG));
    }
  }

  private static void checkKeeps(Path folder, Path target, Path source) throws IOException {
    Path read = resolved(source);
    if (!read.equals(target) && read.startsWith(target)) {
      throw new InvalidInputException(
          folder
              + ": contains "
              + source
              + ", which the model is read from; choose another folder");
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}
