package io.github.tralign.cache;

import static java.util.Objects.requireNonNull;

import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A folder of cached results. A failure costs time but never stops a run: a damaged or unreadable
 * file counts as missing, and if a file cannot be written, none is left; both are reported.
 */
public final class CacheFolder {

  private final Path folder;
  private final Consumer<String> notices;
  private final boolean writes;

  private CacheFolder(Path folder, Consumer<String> notices, boolean writes) {
    this.folder = folder;
    this.notices = notices;
    this.writes = writes;
  }

  /**
   * A folder, which is created when something is written to it.
   *
   * @param notices receives a message for each failure
   */
  public static CacheFolder at(Path folder, Consumer<String> notices) {
    requireNonNull(folder, "folder");
    requireNonNull(notices, "notices");
    return new CacheFolder(folder, notices, true);
  }

  /** The same folder, to which nothing is written: another process writes the same results. */
  public CacheFolder readOnly() {
    return new CacheFolder(folder, notices, false);
  }

  /** Writes a result. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to {@code out}. */
    void writeTo(CacheWriter out) throws IOException;
  }

  /**
   * The result of a key, after its checksum was verified; empty if there is none, or it is damaged.
   *
   * @param kind prefix of the file name, such as {@code tokens}
   */
  public Optional<CacheReader> read(String kind, CacheKey key) {
    Path file = file(kind, key);
    try {
      return Optional.of(CacheReader.open(file, key.hex()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      notices.accept(file + ": " + Reason.of(e) + "; it will be created again");
      return Optional.empty();
    }
  }

  /** Writes the result of a key; the file appears only when it is complete. */
  public void write(String kind, CacheKey key, Content content) {
    requireNonNull(kind, "kind");
    if (!writes) {
      return;
    }
    Path file = file(kind, key);
    try {
      Files.createDirectories(folder);
      AtomicFile.deleteAbandoned(folder);
      AtomicFile.write(
          file,
          channel -> {
            CacheWriter writer = new CacheWriter(channel, key.hex());
            content.writeTo(writer);
            writer.finish();
          });
    } catch (IOException e) {
      tellUnwritten(file, e);
    } catch (UncheckedIOException e) {
      tellUnwritten(file, Objects.requireNonNull(e.getCause()));
    }
  }

  private void tellUnwritten(Path file, IOException e) {
    notices.accept(file + ": cannot be written, so the result is not cached: " + Reason.of(e));
  }

  private Path file(String kind, CacheKey key) {
    return folder.resolve(kind + "-" + key.hex() + ".cache");
  }
}
