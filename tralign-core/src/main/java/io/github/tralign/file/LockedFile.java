package io.github.tralign.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that is open for one owner only. The lock is the operating system's: it ends with the
 * process, however that ends.
 *
 * <p>Closing any channel of a file releases the locks that this process has on it. So a locked file
 * is read and written through {@link #channel} only, and is never opened twice.
 */
public final class LockedFile implements AutoCloseable {

  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path key;
  private final FileChannel channel;

  private LockedFile(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * Opens a file, or creates it, to read and write.
   *
   * @return empty if it is locked, by another process or by this one
   */
  public static Optional<LockedFile> open(Path file) throws IOException {
    Path key = key(file);
    if (!OWN.add(key)) {
      return Optional.empty();
    }
    boolean locked = false;
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        locked = channel.tryLock() != null;
      } finally {
        if (!locked) {
          channel.close();
        }
      }
      return locked ? Optional.of(new LockedFile(key, channel)) : Optional.empty();
    } finally {
      if (!locked) {
        OWN.remove(key);
      }
    }
  }

  private static Path key(Path file) throws IOException {
    if (Files.exists(file)) {
      return file.toRealPath();
    }
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    return folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
  }

  /** The channel to read and write by. */
  public FileChannel channel() {
    return channel;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    OWN.remove(key);
  }
}
