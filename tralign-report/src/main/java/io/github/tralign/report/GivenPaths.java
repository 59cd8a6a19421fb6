package io.github.tralign.report;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Normalizes the paths in a run's settings, so that the settings of runs can be compared. */
final class GivenPaths {

  /** The settings that are paths, and the key of paths in the provenance. */
  private static final ImmutableSet<String> PATH_KEYS =
      ImmutableSet.of("policy", "data", "eval-data", "chat-template", "cache", "path");

  private final Path start;

  /**
   * Determines the folder that a run was started in, from its relative output path; else it is
   * assumed to be the current folder.
   *
   * @param folder the run's folder
   * @param output the setting {@code output}; may be empty
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
   * The value of a setting, normalized if it is a path.
   *
   * @param key the setting's key, with dots for nested keys
   * @param value one value, or several separated by commas
   */
  String normalized(String key, String value) {
    return PATH_KEYS.contains(key.substring(key.lastIndexOf('.') + 1))
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
