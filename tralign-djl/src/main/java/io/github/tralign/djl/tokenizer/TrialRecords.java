package io.github.tralign.djl.tokenizer;

import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Records which tokenizers passed their trial: an empty file for each, in a folder that only this
 * user can write to. Without such a folder, nothing is recorded.
 */
final class TrialRecords {

  /** System property: the parent folder of the records, instead of DJL's cache folder. */
  private static final String PROPERTY = "tralign.cache";

  /** Increase the number when trials become stricter. */
  private static final String FOLDER = "tralign-tokenizers-1";

  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private final Path folder;

  TrialRecords(Path folder) {
    this.folder = folder;
  }

  static TrialRecords ofUser() {
    String own = System.getProperty(PROPERTY);
    return new TrialRecords((own == null ? Utils.getCacheDir() : Path.of(own)).resolve(FOLDER));
  }

  boolean contains(String hash) {
    return Files.isRegularFile(folder.resolve(hash)) && isPrivate();
  }

  void add(String hash) {
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      if (!Files.exists(folder)) {
        if (isPosix()) {
          Files.createDirectory(
              folder,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
          Files.createDirectory(folder);
        }
      }
      if (isPrivate() && !Files.exists(folder.resolve(hash))) {
        Files.createFile(folder.resolve(hash));
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Nothing is recorded: the next process tries the tokenizer again.
    }
  }

  private boolean isPosix() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private boolean isPrivate() {
    if (!isPosix()) {
      return true; // the folder is in the user's profile
    }
    try {
      PosixFileAttributes attributes =
          Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isDirectory()
          && attributes.permissions().stream().noneMatch(OF_OTHERS::contains)
          && isOwner(attributes);
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the folder belongs to this user, who owns every file that this process creates. */
  private boolean isOwner(PosixFileAttributes attributes) throws IOException {
    Path own = Files.createTempFile("tralign", null);
    try {
      return Files.getOwner(own).equals(attributes.owner());
    } finally {
      Files.delete(own);
    }
  }
}
