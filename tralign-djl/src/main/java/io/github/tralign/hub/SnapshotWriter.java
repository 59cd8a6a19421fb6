package io.github.tralign.hub;

import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Makes blobs visible as the files of a commit, and a commit as that of a branch. */
final class SnapshotWriter {

  private final Path repo;
  private final Path snapshot;
  private final boolean links;

  /**
   * A snapshot.
   *
   * @param repo the repository's folder in the cache
   * @param links whether symbolic links are made, if the system can
   */
  SnapshotWriter(Path repo, String commit, boolean links) {
    this.repo = repo;
    this.snapshot = repo.resolve("snapshots").resolve(commit);
    this.links = links;
  }

  Path folder() {
    return snapshot;
  }

  Path blob(RemoteFile file) {
    return repo.resolve("blobs").resolve(file.hash());
  }

  Path pointer(RemoteFile file) {
    return snapshot.resolve(file.path());
  }

  /** Whether the content is in the cache, as a blob or, without links, as the file itself. */
  boolean has(RemoteFile file) {
    return isWhole(blob(file), file) || !isLink(pointer(file)) && isWhole(pointer(file), file);
  }

  private static boolean isLink(Path path) {
    return Files.isSymbolicLink(path);
  }

  private static boolean isWhole(Path path, RemoteFile file) {
    try {
      return Files.isRegularFile(path) && Files.size(path) == file.size();
    } catch (IOException e) {
      return false;
    }
  }

  /** Puts a file that {@link #has has} its content where it is read. */
  void show(RemoteFile file) throws IOException {
    Path pointer = pointer(file);
    if (isWhole(pointer, file) && (!isLink(pointer) || leadsTo(pointer, blob(file)))) {
      return;
    }
    Path folder = AtomicFile.parent(pointer);
    Files.createDirectories(folder);
    if (!folder.toRealPath().startsWith(snapshot.toRealPath())) {
      throw new FileSystemException(folder.toString(), null, "a link leads out of the cache");
    }
    Path temporary = AtomicFile.sibling(pointer, "tmp");
    place(blob(file), temporary, folder);
    Files.move(temporary, pointer, StandardCopyOption.ATOMIC_MOVE);
  }

  private void place(Path blob, Path as, Path folder) throws IOException {
    if (links) {
      try {
        Files.createSymbolicLink(as, folder.relativize(blob)); // relative: a cache may be moved
        return;
      } catch (IOException | UnsupportedOperationException e) {
        // as on Windows without the right to make links
      }
    }
    try {
      Files.createLink(as, blob); // not twice on the disk
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(blob, as);
    }
  }

  /** Makes a branch, a tag or a part of a commit's name mean this snapshot from now on. */
  void setRevision(String revision) {
    String commit = snapshot.getFileName().toString();
    if (!revision.equals(commit)) {
      Path ref = repo.resolve("refs").resolve(revision);
      try {
        if (Files.isRegularFile(ref) && Files.readString(ref).equals(commit)) {
          return; // in a cache that may be read only
        }
        Files.createDirectories(AtomicFile.parent(ref));
      } catch (IOException e) {
        throw PartialBlob.unwritable(ref, e);
      }
      AtomicFile.writeString(ref, commit);
    }
  }

  private static boolean leadsTo(Path pointer, Path blob) throws IOException {
    return Files.exists(blob) && Files.isSameFile(pointer, blob);
  }
}
