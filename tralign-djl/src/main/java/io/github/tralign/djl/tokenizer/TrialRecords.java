package io.github.tralign.djl.tokenizer;

import ai.djl.util.Utils;
import io.github.tralign.file.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Records which tokenizers passed their trial: an empty file for each, in a folder that only this
 * user can write to. Without such a folder, nothing is recorded.
 */
final class TrialRecords {

  /** System property: the parent folder of the records, instead of DJL's cache folder. */
  private static final String PROPERTY = "tralign.cache";

  /** Increase the number when trials become stricter. */
  private static final String FOLDER = "tralign-tokenizers-1";

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
      if (isPrivate() && !Files.exists(folder.resolve(hash))) {
        Files.createFile(folder.resolve(hash));
      }
    } catch (IOException e) {
      // Nothing is recorded: the next process tries the tokenizer again.
    }
  }

  private boolean isPrivate() {
    try {
      return PrivateFolder.risk(folder).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }
}
