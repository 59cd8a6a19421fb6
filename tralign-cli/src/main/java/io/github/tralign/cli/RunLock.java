package io.github.tralign.cli;

import io.github.tralign.file.LockedFile;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process out of a run's folder by a lock on the file {@code tralign.lock}. The file
 * stays, since another process may be about to lock it.
 */
final class RunLock implements AutoCloseable {

  static final String FILE = "tralign.lock";

  private final RunFolder folder;
  private @Nullable LockedFile lock;

  RunLock(RunFolder folder) {
    this.folder = folder;
  }

  /**
   * Takes the lock, unless this object has it already.
   *
   * @throws Refusal if another process or another run of this one has it
   */
  void take() {
    if (lock != null) {
      return;
    }
    Path file = folder.path().resolve(FILE);
    folder.create();
    try {
      lock =
          LockedFile.open(file)
              .orElseThrow(
                  () ->
                      new Refusal(
                          RunFolder.OPTION,
                          folder.path() + " is in use by another process that trains into it"));
    } catch (IOException e) {
      throw new Refusal(RunFolder.OPTION, folder.path() + " cannot be used: " + Reason.of(e));
    }
  }

  @Override
  public void close() {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          folder.path() + ": the lock cannot be given back: " + Reason.of(e), e);
    }
  }
}
