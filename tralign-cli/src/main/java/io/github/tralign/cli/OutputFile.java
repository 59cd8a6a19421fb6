package io.github.tralign.cli;

import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Checks, before anything is computed, whether a command may write its output file. */
final class OutputFile {

  static final String OPTION = "--output";
  private static final String OVERWRITE = "--overwrite";
  private static final int BEGINNING = 4096; // bytes
  private static final String PARQUET = "PAR1"; // how such a file begins

  @Option(
      names = OVERWRITE,
      description = {
        "Also replaces an output file that this command did not write. Default: such a file is an"
            + " error."
      })
  private boolean overwrite;

  /**
   * Rejects a file that cannot be written or must not be replaced.
   *
   * @param option that names the file
   * @param own how a file begins that the command wrote
   * @return where the file goes
   * @throws Refusal if a folder has that name, its folder does not exist or is not writable, the
   *     file is an input or lies in one, or is another file that must not be overwritten
   */
  Target check(CommandSpec command, String option, Path file, Pattern own) {
    try {
      if (Files.isDirectory(file)) {
        throw new Refusal(option, file + " cannot be written: a folder; expected a file's name");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new Refusal(
            option, file + " is a device or a pipe; expected a file's name" + dash(command));
      }
      Path real = ReadPaths.real(file);
      Path folder = real.getParent();
      if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
        throw new Refusal(
            option, file + " cannot be written: its folder does not exist or is not writable");
      }
      ReadPaths.requireApart(command, option, file);
      AtomicFile.deleteAbandoned(folder);
      requireWritable(real, option, file);
      boolean exists = Files.exists(real, LinkOption.NOFOLLOW_LINKS);
      if (exists) {
        checkReplaced(option, file, own, overwrite);
      }
      return new Target(option, real, own, exists, overwrite);
    } catch (IOException e) {
      throw new Refusal(option, file + " cannot be written: " + Reason.of(e));
    }
  }

  /** Tries it: some folders, such as /proc, only look as if they were writable. */
  private static void requireWritable(Path real, String option, Path file) throws IOException {
    Path probe = AtomicFile.sibling(real, "tmp");
    try {
      Files.createFile(probe);
    } catch (NoSuchFileException e) { // although its folder exists
      throw new Refusal(option, file + " cannot be written: no files can be made in its folder");
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** The same for the file of {@link #OPTION}. */
  Target check(CommandSpec command, Path file, Pattern own) {
    return check(command, OPTION, file, own);
  }

  /** As {@link #check}, or null if no file is given. */
  @Nullable Target checkIfGiven(CommandSpec command, @Nullable Path file, Pattern own) {
    if (file != null) {
      return check(command, file, own);
    }
    if (overwrite) {
      throw new Refusal(OVERWRITE, "has no effect without " + OPTION);
    }
    return null;
  }

  /** As {@link #check}, but {@code -} is the standard output: then there is no file. */
  @Nullable Target checkOrStandard(CommandSpec command, String name, Pattern own) {
    if (name.isEmpty()) {
      throw new Refusal(OPTION, "is empty; expected a file's name" + dash(command));
    }
    if (!name.equals("-")) {
      return check(command, Path.of(name), own);
    }
    if (overwrite) {
      throw new Refusal(OVERWRITE, "has no effect with " + OPTION + " -");
    }
    return null;
  }

  private static String dash(CommandSpec command) {
    boolean streams = Set.of("logps", "generate").contains(command.name());
    return streams ? ", or - for the standard output" : "";
  }

  private static void checkReplaced(String option, Path file, Pattern own, boolean any)
      throws IOException {
    try (InputStream in = any ? InputStream.nullInputStream() : Files.newInputStream(file)) {
      String beginning = new String(in.readNBytes(BEGINNING), StandardCharsets.UTF_8);
      if (beginning.startsWith(PARQUET)) {
        throw new Refusal(
            option,
            file
                + " exists; choose another name, or give "
                + OVERWRITE
                + " to replace a Parquet file");
      }
      if (!beginning.isEmpty() && !own.matcher(beginning).lookingAt()) {
        throw new Refusal(
            option,
            file
                + " exists and was not written by this command; choose another name, or give "
                + OVERWRITE);
      }
    }
  }

  /**
   * A file that may be written, as it was found before anything was computed.
   *
   * @param option that names it
   * @param path without links
   * @param own how a file begins that the command wrote
   * @param existed whether the file was there
   * @param overwrite whether a file of another kind may be replaced
   */
  record Target(String option, Path path, Pattern own, boolean existed, boolean overwrite) {

    /** Writes a text under this name, or leaves what is there as it is. */
    void writeString(String text) {
      Path temporary = AtomicFile.sibling(path, "tmp");
      try {
        AtomicFile.writeString(temporary, text);
        publish(temporary);
      } catch (UncheckedIOException e) {
        throw failure(Objects.requireNonNull(e.getCause())); // names the file, not the temporary
      } catch (IOException e) {
        throw failure(e);
      } finally {
        temporary.toFile().delete(); // gone already if it was renamed
      }
    }

    /**
     * Gives a complete file its name. One that has appeared meanwhile is another program's: with
     * {@code --overwrite} it is replaced if it is of this command's kind, else never.
     *
     * @throws Refusal if a file is there that must not be replaced
     */
    void publish(Path temporary) throws IOException {
      if (!existed && !overwrite || !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        try {
          AtomicFile.moveToNew(temporary, path);
          return;
        } catch (FileAlreadyExistsException e) {
          if (!existed && !overwrite) {
            throw new Refusal(
                option, path + " has appeared meanwhile and is not replaced; choose another name");
          }
        }
      }
      checkReplaced(option, path, own, existed && overwrite);
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      AtomicFile.force(AtomicFile.parent(path));
    }

    UncheckedIOException failure(IOException e) {
      return new UncheckedIOException(path + ": cannot be written: " + Reason.of(e), e);
    }
  }
}
