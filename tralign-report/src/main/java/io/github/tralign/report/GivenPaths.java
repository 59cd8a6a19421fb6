package io.github.tralign.report;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The files among a run's settings under one name each, however they were given, so that the
 * settings of runs can be compared.
 */
final class GivenPaths {

  /** The settings that are files, and the word for one in the provenance. */
  private static final ImmutableSet<String> WORDS =
      ImmutableSet.of("policy", "data", "eval-data", "chat-template", "cache", "path");

  private final Path start;

  /**
   * What relative paths of a run start from. A relative output tells it, else it is taken to be the
   * present folder.
   *
   * @param folder of the run
   * @param output as it was given; may be empty
   */
  GivenPaths(Path folder, String output) {
    Path whole = folder.toAbsolutePath().normalize();
    start = started(whole, output);
  }

  private static Path started(Path folder, String output) {
    Path here = Path.of("").toAbsolutePath();
    try {
      Path given = Path.of(output).normalize();
      if (output.isEmpty() || given.isAbsolute() || !folder.endsWith(given)) {
        return here;
      }
      Path start = folder;
      for (int i = 0; i < given.getNameCount(); i++) {
        start = start.resolve("..").normalize();
      }
      return start;
    } catch (InvalidPathException e) {
      return here;
    }
  }

  /**
   * A setting's value.
   *
   * @param word of the setting, with what it is in before its last dot
   * @param value one, or several with commas between them
   */
  String normalized(String word, String value) {
    return WORDS.contains(word.substring(word.lastIndexOf('.') + 1))
        ? Arrays.stream(value.split(", ")).map(this::normalized).collect(Collectors.joining(", "))
        : value;
  }

  private String normalized(String value) {
    try {
      Path path = start.resolve(value).normalize();
      return (Files.exists(path) ? path.toRealPath() : path).toString();
    } catch (InvalidPathException | IOException e) {
      return value;
    }
  }
}
