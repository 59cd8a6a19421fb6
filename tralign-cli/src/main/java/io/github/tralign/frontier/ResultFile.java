package io.github.tralign.frontier;

import io.github.tralign.InvalidInputException;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.figure.CsvCells;
import io.github.tralign.figure.CsvFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of all runs as CSV, which grows by one run at a time. A run that is not there with all
 * its rows, as after a kill, is not there. All runs are in worlds of one size.
 */
final class ResultFile {

  private final CsvFile file;
  private final Map<String, List<String>> runs = new TreeMap<>(); // lines by settings

  private ResultFile(Path file) {
    this.file = csv(file);
  }

  /** A line of the file. */
  private record Line(ResultRow row, String text, String place) {}

  /**
   * Opens a file to add runs, or begins it.
   *
   * @param size of the worlds of all runs
   * @throws InvalidInputException if the file is invalid
   * @throws InvalidSettingException if it has runs in worlds of another size
   */
  static ResultFile at(Path file, WorldSize size) {
    ResultFile result = new ResultFile(file);
    List<Line> lines = lines(file);
    if (!lines.isEmpty()) {
      requireSize(size, lines.get(0).row().run().size(), file);
    }
    complete(lines)
        .forEach((run, own) -> result.runs.put(key(run), own.stream().map(Line::text).toList()));
    result.sort(); // without the rest of a run that was cut short
    return result;
  }

  /**
   * The rows of all complete runs.
   *
   * @throws InvalidInputException if the file is invalid
   */
  static List<ResultRow> rows(Path file) {
    return complete(lines(file)).values().stream().flatMap(List::stream).map(Line::row).toList();
  }

  private static Map<GridRun, List<Line>> complete(List<Line> lines) {
    Map<GridRun, List<Line>> runs = new LinkedHashMap<>();
    lines.forEach(it -> runs.computeIfAbsent(it.row().run(), k -> new ArrayList<>()).add(it));
    runs.values().removeIf(it -> it.size() != FrontierRun.CHECKPOINTS);
    return runs;
  }

  private static List<Line> lines(Path file) {
    List<Line> lines = new ArrayList<>();
    for (CsvCells cells : csv(file).read()) {
      lines.add(new Line(ResultRow.of(cells), cells.text(), cells.place()));
      requireOneSize(lines.get(0), lines.get(lines.size() - 1));
    }
    return lines;
  }

  private static CsvFile csv(Path file) {
    return new CsvFile(file, FrontierRun.COLUMNS);
  }

  private static void requireOneSize(Line first, Line line) {
    line.row()
        .run()
        .size()
        .differenceFrom(first.row().run().size())
        .ifPresent(
            it -> {
              throw new InvalidInputException(
                  String.format(
                      Locale.ROOT,
                      "%s: %s is %d, but %d in %s; runs of different sizes cannot be compared",
                      line.place(),
                      it.name(),
                      it.mine(),
                      it.other(),
                      first.place()));
            });
  }

  private static void requireSize(WorldSize size, WorldSize there, Path file) {
    size.differenceFrom(there)
        .ifPresent(
            it -> {
              throw new InvalidSettingException(
                  it.setting(),
                  String.format(
                      Locale.ROOT,
                      "is %d, but %d in the runs of %s; use %d, or choose another folder",
                      it.mine(),
                      it.other(),
                      file,
                      it.other()));
            });
  }

  private static String key(GridRun run) {
    return CsvFile.line(run.cells());
  }

  synchronized boolean has(GridRun run) {
    return runs.containsKey(key(run));
  }

  /** Adds the rows of a run. */
  synchronized void add(GridRun run, List<List<Object>> rows) throws IOException {
    List<String> lines = rows.stream().map(CsvFile::line).toList();
    runs.put(key(run), lines);
    file.append(lines);
  }

  /** Sorts the rows by their settings, so that the file does not depend on what ended first. */
  synchronized void sort() {
    file.rewrite(runs.values().stream().flatMap(List::stream).toList());
  }
}
