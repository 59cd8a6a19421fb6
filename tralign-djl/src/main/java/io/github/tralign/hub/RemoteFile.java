package io.github.tralign.hub;

import java.util.regex.Pattern;

/**
 * A file of a revision, as the hub describes it.
 *
 * @param path within the repository, which is safe
 * @param size in bytes, from 0 to 2^50
 * @param hash the SHA-256 of the content, or the SHA-1 that git gives it if the file is small
 */
record RemoteFile(String path, long size, String hash) {

  private static final long LARGEST = 1L << 50; // so that sums of sizes are no problem
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern GIT = Pattern.compile("[0-9a-f]{40}");

  RemoteFile {
    if (size < 0 || size > LARGEST || !isHash(hash)) {
      throw new HubException(
          HubHttp.shown(path)
              + ": the hub gives neither a size and a SHA-256 nor a git hash, so"
              + " the file cannot be checked");
    }
  }

  static boolean isHash(String text) {
    return SHA256.matcher(text).matches() || GIT.matcher(text).matches();
  }

  boolean isGitBlob() {
    return GIT.matcher(hash).matches();
  }
}
