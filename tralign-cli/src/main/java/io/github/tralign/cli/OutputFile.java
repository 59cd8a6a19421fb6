package io.github.tralign.cli;

import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How a file that a command writes may replace another: looked at before anything is computed. */
final class OutputFile {

  static final String OPTION = "--output";
  private static final String OVERWRITE = "--overwrite";
  private static final int BEGINNING = 4096; // bytes

  @Option(
      names = OVERWRITE,
      description = {
        "With --output: replaces a file of another kind too. Default: only one that this command"
            + " wrote is replaced."
      })
  private boolean overwrite;

  boolean overwrites() {
    return overwrite;
  }

  /**
   * Refuses what cannot be written, or must not be written over.
   *
   * @param own how a file begins that the command wrote
   * @return where the file is, without links
   * @throws Refusal if a folder has that name, its folder is not there or takes no files, the file
   *     is read or lies in what is read, or is another that is not to be overwritten
   */
  Path check(CommandSpec command, Path file, Pattern own) {
    try {
      if (Files.isDirectory(file)) {
        throw new Refusal(OPTION, file + " cannot be written: a folder; expected a file's name");
      }
      Path real = ReadPaths.real(file);
      Path folder = real.getParent();
      if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
        throw new Refusal(
            OPTION, file + " cannot be written: its folder is not there, or takes no files");
      }
      ReadPaths.requireApart(command, OPTION, file);
      AtomicFile.deleteAbandoned(folder);
      if (Files.exists(real)) {
        checkReplaced(file, own);
      }
      return real;
    } catch (IOException e) {
      throw new Refusal(OPTION, file + " cannot be written: " + Reason.of(e));
    }
  }

  private void checkReplaced(Path file, Pattern own) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new Refusal(OPTION, file + " is no regular file; choose another name");
    }
    try (InputStream in = overwrite ? InputStream.nullInputStream() : Files.newInputStream(file)) {
      String beginning = new String(in.readNBytes(BEGINNING), StandardCharsets.UTF_8);
      if (!beginning.isEmpty() && !own.matcher(beginning).lookingAt()) {
        throw new Refusal(
            OPTION,
            file
                + " is there and was not written by this command; choose another name, or give "
                + OVERWRITE);
      }
    }
  }
}
