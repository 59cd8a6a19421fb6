package io.github.tralign.file;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks that only one user and the administrator can change a file or folder, as ssh requires for
 * its keys. On file systems without numeric owners (Windows) every check passes.
 */
final class Ownership {

  private static final boolean KNOWN =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private static final int ADMINISTRATOR = 0;
  private static final int OTHERS_WRITE = 0022;
  private static final int OTHERS_ENTER = 0011;
  private static final int STICKY = 01000;
  private static final int MAX_LINKS = 40;

  private final int user;

  /** Checks on behalf of a user, by user id. */
  Ownership(int user) {
    this.user = user;
  }

  /** Checks on behalf of the owner of {@code own}, a file that this process has just created. */
  static Ownership ofMaker(Path own) throws IOException {
    return new Ownership(KNOWN ? (int) Files.getAttribute(own, "unix:uid") : ADMINISTRATOR);
  }

  /**
   * Why other users may change the target of a path: because of the file or folder itself, a
   * parent, or a link on the path. A path that does not exist is safe.
   *
   * @param shared whether the folder itself may be shared with a sticky bit, like {@code /tmp}
   */
  Optional<String> risk(Path path, boolean shared) throws IOException {
    return KNOWN ? risk(path.toAbsolutePath(), shared, MAX_LINKS) : Optional.empty();
  }

  private Optional<String> risk(Path path, boolean shared, int links) throws IOException {
    for (int names = 0; names <= path.getNameCount(); names++) {
      Path at = names == 0 ? path.getRoot() : path.getRoot().resolve(path.subpath(0, names));
      if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      boolean last = names == path.getNameCount();
      if (isForeign(at)) {
        return Optional.of(at + " belongs to another user");
      } else if (Files.isSymbolicLink(at)) {
        Path target = AtomicFile.parent(at).resolve(Files.readSymbolicLink(at));
        return links == 0
            ? Optional.of(path + " leads through too many links")
            : risk(
                last ? target : target.resolve(path.subpath(names, path.getNameCount())),
                shared,
                links - 1);
      } else if (has(at, OTHERS_WRITE) && !((shared || !last) && has(at, STICKY))) {
        return Optional.of(at + " can be written by other users");
      }
    }
    return Optional.empty();
  }

  /** As {@link #risk} for the contents of a folder that is itself safe. */
  Optional<String> riskWithin(Path folder) throws IOException {
    return KNOWN && Files.isDirectory(folder)
        ? riskWithin(folder, !has(folder, OTHERS_ENTER))
        : Optional.empty();
  }

  private Optional<String> riskWithin(Path folder, boolean closed) throws IOException {
    for (Path each : list(folder)) {
      if (isForeign(each)) {
        return Optional.of(each + " belongs to another user");
      }
      Optional<String> risk = Optional.empty();
      if (Files.isSymbolicLink(each)) {
        risk = risk(each, false);
      } else if (!closed && has(each, OTHERS_WRITE)) {
        risk = Optional.of(each + " can be written by other users");
      } else if (Files.isDirectory(each)) {
        risk = riskWithin(each, closed || !has(each, OTHERS_ENTER));
      }
      if (risk.isPresent()) {
        return risk;
      }
    }
    return Optional.empty();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  /** Whether a file or folder belongs to this user. */
  boolean isOwn(Path path) throws IOException {
    return !KNOWN || attribute(path, "uid") == user;
  }

  private boolean isForeign(Path path) throws IOException {
    int owner = attribute(path, "uid");
    return owner != user && owner != ADMINISTRATOR;
  }

  private static boolean has(Path path, int bits) throws IOException {
    return (attribute(path, "mode") & bits) != 0;
  }

  private static int attribute(Path path, String name) throws IOException {
    return (int) Files.getAttribute(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
  }
}
