package io.github.tralign.frontier;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rows of all runs as CSV, which grows by one run at a time. A run that is not there with all
 * its rows, as after a kill, is not there.
 */
final class ResultFile {

  private static final String HEAD = String.join(",", FrontierRun.COLUMNS);

  private final Path file;
  private final Map<String, List<String>> runs; // lines by settings

  private ResultFile(Path file, Map<String, List<String>> runs) {
    this.file = file;
    this.runs = runs;
  }

  /**
   * Opens a file, or begins it.
   *
   * @throws InvalidInputException if it has other columns
   */
  static ResultFile at(Path file) {
    Map<String, List<String>> runs = new LinkedHashMap<>();
    if (Files.exists(file)) {
      List<String> lines = wholeLines(file);
      if (!lines.isEmpty() && !lines.get(0).equals(HEAD)) {
        throw new InvalidInputException(
            file + ":1: has other columns than this version writes, which are " + HEAD);
      }
      lines.stream()
          .skip(1)
          .forEach(it -> runs.computeIfAbsent(key(it), k -> new ArrayList<>()).add(it));
      runs.values().removeIf(it -> it.size() != FrontierRun.CHECKPOINTS);
    }
    ResultFile result = new ResultFile(file, runs);
    result.sort(); // without the rest of a run that was cut short
    return result;
  }

  private static List<String> wholeLines(Path file) {
    try {
      String text = Files.readString(file);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** The first cells of a line, which are the settings. */
  private static String key(String line) {
    int end = -1;
    for (int i = 0; i < FrontierRun.COLUMNS.indexOf("step"); i++) {
      end = line.indexOf(',', end + 1);
      if (end < 0) {
        throw new InvalidInputException("a row with too few cells: " + line);
      }
    }
    return line.substring(0, end);
  }

  private static String key(GridRun run) {
    return line(run.cells());
  }

  synchronized boolean has(GridRun run) {
    return runs.containsKey(key(run));
  }

  /** Adds the rows of a run. */
  synchronized void add(GridRun run, List<List<Object>> rows) throws IOException {
    List<String> lines = rows.stream().map(ResultFile::line).toList();
    runs.put(key(run), lines);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      String text = String.join("\n", lines) + "\n";
      AtomicFile.writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** Sorts the rows by their settings, so that the file does not depend on what ended first. */
  synchronized void sort() {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    for (List<String> lines : new TreeMap<>(runs).values()) {
      lines.forEach(line -> text.append(line).append('\n'));
    }
    AtomicFile.writeString(file, text.toString());
  }

  private static String line(List<Object> cells) {
    return cells.stream().map(ResultFile::cell).collect(Collectors.joining(","));
  }

  private static String cell(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.9g", number)
        : value.toString();
  }
}
