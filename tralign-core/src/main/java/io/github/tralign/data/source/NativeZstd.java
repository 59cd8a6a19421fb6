package io.github.tralign.data.source;

import io.github.tralign.file.PrivateFolder;

/** Where the zstd library is unpacked to before it is loaded: where nobody else can change it. */
final class NativeZstd {

  private static final String FOLDER = "ZstdTempFolder";

  private NativeZstd() {}

  /** Sets that, where the program has not set it itself. To be called before zstd is used. */
  static synchronized void prepare() {
    if (System.getProperty(FOLDER) == null) {
      System.setProperty(FOLDER, PrivateFolder.temporary().toString());
    }
  }
}
