package io.github.tralign.file;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Folders for code that this process runs: native libraries and compiled kernels. No other user may
 * be able to change their contents.
 */
public final class PrivateFolder {

  private static final String PREFIX = ".tralign-native-";
  private static final Pattern NAME = Pattern.compile(Pattern.quote(PREFIX) + "\\d+");
  private static final String LOCK = "in-use";

  /** A folder unchanged for this long is considered left behind by a process that has ended. */
  private static final Duration LEFT = Duration.ofMinutes(10);

  /** The maximum time from creating a folder to locking it. */
  private static final Duration JUST_MADE = Duration.ofSeconds(10);

  /**
   * The locked folders of this process. Closing any channel to a lock file of this process would
   * release its lock.
   */
  private static final Map<Path, FileLock> OWN = new ConcurrentHashMap<>();

  private PrivateFolder() {}

  /**
   * Creates a folder that only this user can enter, or uses an existing one.
   *
   * @return why it cannot be trusted: it or a parent belongs to another user or is writable by
   *     other users; empty if it is safe
   * @throws IOException if it cannot be created
   */
  public static Optional<String> risk(Path folder) throws IOException {
    Files.createDirectories(folder, onlyForOwner());
    return ownership(folder).risk(folder, false);
  }

  /** As {@link #risk(Path)} for the contents of a folder, which need not exist. */
  public static Optional<String> riskWithin(Path folder) throws IOException {
    return ownership(folder).riskWithin(folder);
  }

  /**
   * A new folder in the system's temporary folder; see {@link #temporary(Path)}.
   *
   * @throws InvalidInputException if other users could change its contents
   */
  public static Path temporary() {
    return temporary(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * A new folder that only this user can enter. It is deleted when the process ends, or, if the
   * process is killed, by the next call for the same parent.
   *
   * @throws InvalidInputException if other users could change its contents
   * @throws UncheckedIOException if it cannot be created
   */
  public static Path temporary(Path in) {
    try {
      Path made = Files.createTempDirectory(in, PREFIX, onlyForOwner());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
      Ownership ownership = Ownership.ofMaker(made);
      Optional<String> risk = ownership.risk(in, true);
      if (risk.isPresent()) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "%s: native libraries cannot be unpacked there, since %s; set java.io.tmpdir to a"
                    + " private folder",
                in,
                risk.get()));
      }
      keep(made);
      removeStale(in, ownership);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(
          in + ": no temporary folder can be created there: " + Reason.of(e), e);
    }
  }

  /** Locks a folder until the process ends. */
  private static void keep(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    OWN.put(folder.toRealPath(), channel.lock());
  }

  private static void removeStale(Path in, Ownership ownership) throws IOException {
    for (Path each : list(in)) {
      if (NAME.matcher(String.valueOf(each.getFileName())).matches()
          && Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)
          && ownership.isOwn(each)
          && isLeft(each)) {
        delete(each);
      }
    }
  }

  /** Whether the process that created a temporary folder has ended. */
  private static boolean isLeft(Path folder) throws IOException {
    Path lock = folder.resolve(LOCK);
    if (OWN.containsKey(folder.toRealPath())) {
      return false;
    }
    if (!Files.exists(lock)) {
      return list(folder).isEmpty() && isLongUnwritten(folder);
    }
    if (Files.getLastModifiedTime(lock).toInstant().isAfter(Instant.now().minus(JUST_MADE))) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      return taken != null;
    } catch (IOException e) {
      return false; // a file system without locks
    }
  }

  /**
   * Deletes what interrupted unpacking left in a folder, which need not exist: entries whose names
   * begin with {@code prefix} and that have not been written to for ten minutes.
   */
  public static void removeLeftovers(Path folder, String prefix) throws IOException {
    for (Path each : Files.isDirectory(folder) ? list(folder) : List.<Path>of()) {
      if (String.valueOf(each.getFileName()).startsWith(prefix) && isLongUnwritten(each)) {
        delete(each);
      }
    }
  }

  private static boolean isLongUnwritten(Path path) throws IOException {
    Instant limit = Instant.now().minus(LEFT);
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.toList()) {
        if (Files.getLastModifiedTime(each).toInstant().isAfter(limit)) {
          return false;
        }
      }
    }
    return true;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static void delete(Path folder) {
    try {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (IOException e) {
      // Windows locks loaded libraries; the next process deletes them.
    }
  }

  /** Checks on behalf of this user, determined from a new file: user.name may be wrong. */
  private static Ownership ownership(Path otherwise) throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Path own =
        Files.createTempFile(Files.isWritable(temporary) ? temporary : otherwise, PREFIX, "");
    try {
      return Ownership.ofMaker(own);
    } finally {
      Files.delete(own);
    }
  }

  private static FileAttribute<?>[] onlyForOwner() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }
}
