package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.report.Curves.Curve;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Runs side by side in one page: what was set otherwise, what came out, and curves in one drawing.
 */
public final class Comparison {

  private final ImmutableMap<String, RunFiles> runs; // by the name they are shown under

  private Comparison(ImmutableMap<String, RunFiles> runs) {
    this.runs = runs;
  }

  /**
   * Reads the runs.
   *
   * @param folders of runs that have metrics, each once; they may still be running
   * @throws io.github.tralign.InvalidInputException if one is no run's folder
   */
  public static Comparison of(List<Path> folders) {
    ImmutableMap.Builder<String, RunFiles> runs = ImmutableMap.builder();
    folders.forEach(folder -> runs.put(folder.toString(), RunFiles.of(folder)));
    return new Comparison(runs.buildOrThrow());
  }

  /** Writes the page. */
  public void write(Path file) {
    new Page("compare.peb")
        .with("runs", runs.keySet())
        .with(
            "bucket", runs.values().stream().mapToLong(it -> it.curves().bucket()).max().orElse(1))
        .with("settings", differing(RunFiles::settings))
        .with("provenance", differing(RunFiles::provenance))
        .with("results", results())
        .withCharts(charts())
        .write(file);
  }

  /** A row for each word of which the runs differ: the word, then each run's value. */
  private ImmutableList<ImmutableList<String>> differing(
      Function<RunFiles, ImmutableMap<String, String>> values) {
    Set<String> words = new LinkedHashSet<>();
    runs.values().forEach(run -> words.addAll(values.apply(run).keySet()));
    ImmutableList.Builder<ImmutableList<String>> rows = ImmutableList.builder();
    words.remove("output"); // it always differs
    for (String word : words) {
      ImmutableList<String> row = row(word, run -> values.apply(run).getOrDefault(word, "–"));
      if (Set.copyOf(row.subList(1, row.size())).size() > 1) {
        rows.add(row);
      }
    }
    return rows.build();
  }

  /** A row for each metric, with each run's mean over the last tenth of its points. */
  private ImmutableList<ImmutableList<String>> results() {
    ImmutableList.Builder<ImmutableList<String>> rows = ImmutableList.builder();
    rows.add(row("steps", run -> Long.toString(run.curves().steps())));
    for (String metric : metrics()) {
      rows.add(
          row(
              metric,
              run -> {
                Curve curve = run.curves().byName().get(metric);
                return curve == null ? "–" : RunReport.number(curve.late());
              }));
    }
    return rows.build();
  }

  private ImmutableList<String> row(String head, Function<RunFiles, String> cell) {
    ImmutableList.Builder<String> row = ImmutableList.<String>builder().add(head);
    runs.values().forEach(run -> row.add(cell.apply(run)));
    return row.build();
  }

  private Set<String> metrics() {
    Set<String> metrics = new LinkedHashSet<>();
    for (Theme theme : Theme.values()) {
      metrics.addAll(theme.labels.keySet());
    }
    metrics.removeIf(it -> runs.values().stream().noneMatch(run -> run.curves().has(it)));
    runs.values().forEach(run -> metrics.addAll(run.curves().byName().keySet()));
    return metrics;
  }

  /** A drawing for each metric with a line for each run, always in the same colours. */
  private ImmutableList<Chart> charts() {
    ImmutableList.Builder<Chart> charts = ImmutableList.builder();
    for (String metric : metrics()) {
      ImmutableList.Builder<Chart.Line> lines = ImmutableList.builder();
      runs.forEach(
          (name, run) -> {
            Curve curve = run.curves().byName().get(metric);
            lines.add(
                curve == null
                    ? new Chart.Line(name, List.of(), List.of(), List.of(), List.of())
                    : Chart.Line.of(name, curve, false));
          });
      charts.add(
          Chart.lines(metric, Theme.titleOf(metric), ImmutableLongArray.of(), lines.build()));
    }
    return charts.build();
  }
}
