package io.github.tralign.data.source;

import io.github.tralign.file.PrivateFolder;

/**
 * Sets where the zstd library is unpacked before it is loaded: a folder that no other user can
 * change.
 */
final class NativeZstd {

  private static final String FOLDER = "ZstdTempFolder";

  private NativeZstd() {}

  /** Sets the folder, unless the program has set it. Must be called before zstd is used. */
  static synchronized void prepare() {
    if (System.getProperty(FOLDER) == null) {
      System.setProperty(FOLDER, PrivateFolder.temporary().toString());
    }
  }
}
