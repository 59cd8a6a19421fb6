package io.github.tralign.djl.huggingface;

import io.github.tralign.file.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Closes files: as part of normal work, or after another failure. */
final class Closeables {
  private Closeables() {}

  /**
   * Closes {@code resource}.
   *
   * @throws UncheckedIOException if that fails
   */
  static void now(Closeable resource, Path path) {
    try {
      resource.close();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be closed: " + Reason.of(e), e);
    }
  }

  /**
   * Closes {@code resource} unless it is null, ignoring failures: another one is being reported.
   */
  static void quietly(@Nullable Closeable resource) {
    if (resource == null) {
      return;
    }
    try {
      resource.close();
    } catch (IOException e) {
      // The original failure is more informative.
    }
  }
}
