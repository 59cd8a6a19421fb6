package io.github.tralign.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what {@link ScoreProgram} wrote. */
final class Scores {

  private Scores() {}

  /** The parts, in order. */
  static List<Path> parts(Path output) throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("part-"))
          .sorted()
          .toList();
    }
  }

  /** The lines of all parts, in order. */
  static List<String> in(Path output) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path part : parts(output)) {
      lines.addAll(Files.readAllLines(part));
    }
    return lines;
  }
}
