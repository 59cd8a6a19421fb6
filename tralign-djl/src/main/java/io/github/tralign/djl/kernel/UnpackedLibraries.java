package io.github.tralign.djl.kernel;

import ai.djl.util.Utils;
import com.google.common.base.Throwables;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The native libraries that DJL unpacks from jars, and what a disk does to them. */
public final class UnpackedLibraries {

  private static final long FULL = 64L << 20; // bytes that are free on a disk that counts as full

  private UnpackedLibraries() {}

  /**
   * Refuses libraries that are damaged: DJL only looks whether they are there, and to load one that
   * is cut short ends the process.
   *
   * @param folder of a library, with a folder for each version; need not exist
   * @param version that is loaded
   */
  static void requireWhole(Path folder, String version) {
    try {
      for (Path each : versions(folder)) {
        Optional<String> damage =
            String.valueOf(each.getFileName()).startsWith(version + "-")
                ? LibraryFile.damageWithin(each)
                : Optional.empty();
        if (damage.isPresent()) {
          throw new InvalidInputException(
              each
                  + ": its native libraries are damaged: "
                  + damage.get()
                  + "; delete this folder, and they are unpacked again");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** The folders of the versions of a library. */
  static List<Path> versions(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).toList();
    }
  }

  /**
   * Explains why a library that was unpacked cannot be loaded; empty if none was.
   *
   * @param library such as {@code pytorch}
   */
  static Optional<String> unusable(String library, Throwable failure) {
    Path folder = Utils.getEngineCacheDir().resolve(library);
    try {
      return versions(folder).isEmpty()
          ? Optional.empty()
          : Optional.of(
              folder
                  + ": the native libraries there cannot be loaded: "
                  + Throwables.getRootCause(failure).getMessage()
                  + "; delete this folder, and they are unpacked again");
    } catch (IOException e) {
      return Optional.of(folder + ": cannot be read: " + Reason.of(e));
    }
  }

  /**
   * Explains why a library could not be unpacked, if the disk is the reason.
   *
   * @param what such as {@code PyTorch's libraries}
   * @param failure DJL's, which may have lost its cause
   */
  public static Optional<UncheckedIOException> failure(String what, Throwable failure) {
    return failure(Utils.getEngineCacheDir(), FULL, what, failure);
  }

  /** The same for a folder, whose disk counts as full if less is free than {@code least} bytes. */
  static Optional<UncheckedIOException> failure(
      Path folder, long least, String what, Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof IOException io) {
        return Optional.of(failure(folder, what, io));
      }
    }
    try {
      return Files.getFileStore(folder).getUsableSpace() < least
          ? Optional.of(failure(folder, what, new IOException("No space left on device", failure)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(failure(folder, what, e));
    }
  }

  private static UncheckedIOException failure(Path folder, String what, IOException e) {
    return new UncheckedIOException(
        String.format(
            Locale.ROOT,
            "%s: %s cannot be unpacked there: %s; DJL_CACHE_DIR names another folder",
            folder,
            what,
            Reason.of(e)),
        e);
  }
}
