package io.github.tralign.hub;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of files in a repository. They come from a server, and become names of local files. */
final class RepoPath {

  private static final int LONGEST = 1024; // characters
  private static final int LONGEST_NAME = 200; // of one file or folder, so 255 bytes with a suffix
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\\\:*?\"<>|]");

  /** Windows opens a device under these names, whatever follows a dot. */
  private static final Pattern DEVICE =
      Pattern.compile("(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?", Pattern.CASE_INSENSITIVE);

  private RepoPath() {}

  /** Whether a path stays in its folder, on every system. */
  static boolean isSafe(String path) {
    return path.length() <= LONGEST
        && !CONTROL.matcher(path).find()
        && List.of(path.split("/", -1)).stream().allMatch(RepoPath::isName);
  }

  private static boolean isName(String name) {
    return !name.isBlank()
        && name.length() <= LONGEST_NAME
        && !name.endsWith(".")
        && !name.endsWith(" ")
        && !name.toLowerCase(Locale.ROOT).equals(".git")
        && !DEVICE.matcher(name).matches();
  }
}
