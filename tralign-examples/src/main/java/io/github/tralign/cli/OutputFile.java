package io.github.tralign.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command is going to write, looked at before anything is computed for it. */
final class OutputFile {

  static final String OPTION = "--output";

  private OutputFile() {}

  /**
   * Refuses what cannot be written.
   *
   * @throws Refusal if a folder has that name, or its folder is not there or takes no files
   */
  static void check(Path file) {
    if (Files.isDirectory(file)) {
      throw new Refusal(OPTION, file + " cannot be written: a folder; expected a file's name");
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new Refusal(
          OPTION, file + " cannot be written: its folder is not there, or takes no files");
    }
  }
}
