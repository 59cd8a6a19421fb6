package io.github.tralign.cli;

import static java.nio.file.FileVisitResult.CONTINUE;

import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Keeps what a command writes out of what it reads: the paths of all its options are compared, so
 * that none can be forgotten.
 */
final class ReadPaths {

  private ReadPaths() {}

  /**
   * Rejects a place that is read, or lies within one, also through links.
   *
   * @param option that names what is written
   * @throws Refusal if it would change what another option reads
   */
  static void requireApart(CommandSpec command, String option, Path written) {
    for (ArgSpec argument : command.args()) {
      if (!WrittenPaths.OPTIONS.contains(name(argument))) {
        for (Path read : paths(argument.getValue())) {
          requireApart(option, written, read, name(argument));
        }
      }
    }
  }

  private static List<Path> paths(@Nullable Object value) {
    return value instanceof Path path
        ? List.of(path)
        : value instanceof Collection<?> several
            ? several.stream().filter(Path.class::isInstance).map(Path.class::cast).toList()
            : List.of();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static void requireApart(String option, Path written, Path read, String as) {
    try {
      if (Files.exists(read) && (isIn(read, written) || isIn(read, real(written)))) {
        throw new Refusal(
            option,
            written
                + (Files.isDirectory(read) ? " is in " + read + ", which" : "")
                + " is read as "
                + as
                + "; choose another place");
      }
      if (Files.isDirectory(read)) {
        requireNotLinked(option, written, read, as);
      }
    } catch (IOException e) {
      throw new Refusal(option, written + " cannot be compared with " + read + ": " + Reason.of(e));
    }
  }

  /** Links may lead out of a folder that is read, at any depth: to a file, or to another folder. */
  private static void requireNotLinked(String option, Path written, Path read, String as)
      throws IOException {
    Path target = real(written);
    Files.walkFileTree(
        read,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            return Files.isSymbolicLink(folder) ? visitFile(folder, attributes) : CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path entry, BasicFileAttributes attributes)
              throws IOException {
            if (isIn(entry, target)) {
              throw new Refusal(
                  option,
                  written
                      + (attributes.isDirectory() ? " is in " : " is ")
                      + entry
                      + ", which is read as "
                      + as
                      + "; choose another place");
            }
            return CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path entry, IOException e) {
            return CONTINUE; // a loop of links, or what cannot be read
          }
        });
  }

  /** Whether a path, or a folder that it is in, is the same as {@code read}. */
  private static boolean isIn(Path read, Path path) throws IOException {
    for (Path it = path.toAbsolutePath().normalize(); it != null; it = it.getParent()) {
      if (Files.exists(it) && Files.isSameFile(it, read)) {
        return true;
      }
    }
    return false;
  }

  /** Where a path leads, by whatever links; what is not there yet keeps its name. */
  static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null || Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      return absolute.toRealPath();
    }
    return real(parent).resolve(absolute.getFileName());
  }
}
