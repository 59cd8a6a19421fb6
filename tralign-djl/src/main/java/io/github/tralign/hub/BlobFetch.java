package io.github.tralign.hub;

import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.LockedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Gets the contents of a revision's files into the cache, one after the other. */
final class BlobFetch {

  private static final Duration POLL = Duration.ofMillis(50);

  private final HubHttp http;
  private final HubApi api;
  private final Retries retries;
  private final HubReference commit;
  private final SnapshotWriter snapshot;
  private final FetchProgress progress;

  private long done; // bytes of the files before
  private long total;

  BlobFetch(
      HubHttp http,
      HubApi api,
      Retries retries,
      HubReference commit,
      SnapshotWriter snapshot,
      FetchProgress progress) {
    this.http = http;
    this.api = api;
    this.retries = retries;
    this.commit = commit;
    this.snapshot = snapshot;
    this.progress = progress;
  }

  /**
   * Fetches what is not there.
   *
   * @param locks the folder of locks, by the names of blobs
   */
  void fetch(List<RemoteFile> files, Path locks) {
    total = files.stream().mapToLong(RemoteFile::size).sum();
    try {
      for (RemoteFile file : files) {
        Files.createDirectories(AtomicFile.parent(snapshot.blob(file)));
      }
      Files.createDirectories(locks);
      requireSpace(files);
    } catch (IOException e) {
      throw PartialBlob.unwritable(locks, e);
    }
    for (RemoteFile file : files) {
      if (!snapshot.has(file)) {
        try (LockedFile lock = lock(locks.resolve(file.hash() + ".lock"))) {
          if (!snapshot.has(file)) { // another process may have fetched it meanwhile
            fetch(file);
          }
        } catch (IOException e) {
          throw PartialBlob.unwritable(locks, e);
        }
      }
      done += file.size();
      progress.at(file.path(), done, total);
    }
  }

  private void fetch(RemoteFile file) throws IOException {
    Path blob = snapshot.blob(file);
    Path unfinished = unfinished(file);
    try (PartialBlob partial = PartialBlob.open(unfinished, file)) {
      for (int attempt = 0; attempt < 2; attempt++) { // what an earlier try left may be wrong
        new BlobDownload(
                http,
                retries,
                api.content(commit, file.path()),
                commit.path(file.path()),
                file,
                partial,
                size -> progress.at(file.path(), done + size, total))
            .run();
        if (partial.moveTo(blob)) {
          return;
        }
      }
    }
    Files.deleteIfExists(unfinished);
    throw new HubException(
        commit.path(file.path())
            + ": what arrived, twice, is not the file: its hash is not "
            + file.hash()
            + "; nothing of it was kept");
  }

  /**
   * Where a file grows. The name is our own: Python's libraries may append to HASH.incomplete, and
   * their locks (flock) and Java's (fcntl) do not exclude each other.
   */
  private Path unfinished(RemoteFile file) {
    return snapshot.blob(file).resolveSibling(file.hash() + ".tralign.incomplete");
  }

  private static LockedFile lock(Path file) throws IOException {
    while (true) {
      Optional<LockedFile> lock = LockedFile.open(file);
      if (lock.isPresent()) {
        return lock.get();
      }
      try {
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        throw Retries.interrupted(file.toString(), e);
      }
    }
  }

  private void requireSpace(List<RemoteFile> files) throws IOException {
    long missing = 0;
    for (RemoteFile file : files) {
      Path unfinished = unfinished(file);
      missing += snapshot.has(file) ? 0 : file.size();
      missing -= Files.exists(unfinished) ? Files.size(unfinished) : 0;
    }
    Path folder = AtomicFile.parent(snapshot.blob(files.get(0)));
    long free = Files.getFileStore(folder).getUsableSpace();
    if (missing > free) {
      throw new HubException(
          folder
              + ": the disk is too full: "
              + size(missing)
              + " are to be fetched, and "
              + size(free)
              + " are free");
    }
  }

  private static String size(long bytes) {
    return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
  }
}
