package io.github.tralign.cli;

import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process out of a run's folder. The lock is the operating system's, on the file
 * {@code tralign.lock}: it ends with the process, however that ends. The file stays, since another
 * process may be about to lock it.
 */
final class RunLock implements AutoCloseable {

  static final String FILE = "tralign.lock";

  private final RunFolder folder;
  private @Nullable FileChannel channel;

  RunLock(RunFolder folder) {
    this.folder = folder;
  }

  /**
   * Takes the lock, unless this object has it already.
   *
   * @throws Refusal if another process or another run of this one has it
   */
  void take() {
    if (channel != null) {
      return;
    }
    Path file = folder.path().resolve(FILE);
    folder.create();
    try {
      FileChannel opened =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(opened)) {
        opened.close();
        throw new Refusal(
            RunFolder.OPTION, folder.path() + " is in use by another process that trains into it");
      }
      channel = opened;
    } catch (IOException e) {
      throw new Refusal(RunFolder.OPTION, folder.path() + " cannot be used: " + Reason.of(e));
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // held within this process
    }
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          folder.path() + ": the lock cannot be given back: " + Reason.of(e), e);
    }
  }
}
