package io.github.tralign.sweep;

import io.github.tralign.InvalidInputException;
import io.github.tralign.figure.CsvCells;
import io.github.tralign.figure.CsvFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of all runs as CSV, which grows by one run at a time. A run that is not there with its
 * last row, as after a kill, is not there.
 */
final class SweepFile {

  private final CsvFile file;
  private final Map<String, List<String>> runs = new LinkedHashMap<>(); // lines by settings

  private SweepFile(CsvFile file) {
    this.file = file;
  }

  /**
   * Opens a file to add runs, or begins it.
   *
   * @param measurements rows of each run
   * @throws InvalidInputException if the file is invalid
   */
  static SweepFile at(Path path, int measurements) {
    SweepFile result = new SweepFile(csv(path));
    for (CsvCells cells : result.file.read()) {
      result
          .runs
          .computeIfAbsent(key(SweepRow.of(cells)), it -> new ArrayList<>())
          .add(cells.text());
    }
    result.runs.values().removeIf(it -> it.size() != measurements);
    result.file.rewrite(result.runs.values().stream().flatMap(List::stream).toList());
    return result;
  }

  /**
   * The ends of all runs; of a run that was cut short its last row is missing, and it is left out.
   *
   * @throws InvalidInputException if the file is invalid
   */
  static List<SweepRow> ends(Path path) {
    Map<String, List<SweepRow>> rows = new LinkedHashMap<>();
    for (CsvCells cells : csv(path).read()) {
      SweepRow row = SweepRow.of(cells);
      rows.computeIfAbsent(key(row), it -> new ArrayList<>()).add(row);
    }
    int most = rows.values().stream().mapToInt(List::size).max().orElse(0);
    return rows.values().stream()
        .filter(it -> it.size() == most)
        .map(it -> it.get(most - 1))
        .toList();
  }

  private static CsvFile csv(Path path) {
    return new CsvFile(path, SweepTraining.COLUMNS);
  }

  private static String key(SweepRow row) {
    return CsvFile.line(List.of(row.rule(), row.beta(), row.seed()));
  }

  private static String key(SweepRun run) {
    return CsvFile.line(List.of(run.rule(), run.beta(), run.seed()));
  }

  boolean has(SweepRun run) {
    return runs.containsKey(key(run));
  }

  /** Adds the rows of a run. */
  void add(SweepRun run, List<List<Object>> rows) throws IOException {
    List<String> lines = rows.stream().map(CsvFile::line).toList();
    runs.put(key(run), lines);
    file.append(lines);
  }
}
