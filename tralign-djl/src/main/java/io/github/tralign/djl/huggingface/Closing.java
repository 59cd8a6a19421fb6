package io.github.tralign.djl.huggingface;

import io.github.tralign.file.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The two ways of closing a file: as part of the work, and on the way out of a failure. */
final class Closing {
  private Closing() {}

  /** Closes {@code resource}, whose failure to do so is a failure of the work. */
  static void now(Closeable resource, Path path) {
    try {
      resource.close();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be closed: " + Reason.of(e), e);
    }
  }

  /** Closes {@code resource} if there is one, while another failure is already being told. */
  static void quietly(@Nullable Closeable resource) {
    if (resource == null) {
      return;
    }
    try {
      resource.close();
    } catch (IOException e) {
      // The failure that brought us here says more.
    }
  }
}
