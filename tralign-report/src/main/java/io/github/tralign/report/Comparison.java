package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.report.Curves.Curve;
import io.github.tralign.report.Curves.Point;
import io.github.tralign.text.Numbers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * Compares runs on one page: settings that differ, results, and charts with a line for each run.
 * Runs that differ only in their seeds share a line, their mean, with a band from the least to the
 * greatest.
 */
public final class Comparison {

  /** The first line of {@link #csv}: the names of its columns. */
  public static final String CSV_HEAD = "run,metric,step,mean,least,greatest";

  private static final String NONE = "–";

  private final ImmutableMap<String, SeedGroup> runs; // by displayed name

  private Comparison(ImmutableMap<String, SeedGroup> runs) {
    this.runs = runs;
  }

  /**
   * Reads the runs.
   *
   * @param folders the runs' folders, without duplicates; runs may still be in progress, but must
   *     have metrics
   * @throws io.github.tralign.InvalidInputException if a folder is not a run's folder or has an
   *     invalid file
   */
  public static Comparison of(List<Path> folders) {
    return new Comparison(SeedGroup.bySettings(read(folders)));
  }

  /** As {@link #of}, with a line for each run even if runs differ only in their seeds. */
  public static Comparison ofEach(List<Path> folders) {
    return new Comparison(SeedGroup.each(read(folders)));
  }

  private static ImmutableMap<String, RunFiles> read(List<Path> folders) {
    ImmutableMap.Builder<String, RunFiles> runs = ImmutableMap.builder();
    RunNames.of(folders).forEach((folder, name) -> runs.put(name, RunFiles.of(folder)));
    return runs.buildOrThrow();
  }

  /** The page, in HTML. */
  public String page() {
    Map<String, SampleRows> samples = new LinkedHashMap<>();
    runs.forEach((name, run) -> samples.put(name, SampleRows.of(run.first().folder())));
    samples.values().removeIf(rows -> rows.texts().isEmpty());
    return new Page("compare.peb")
        .with(
            "folders",
            runs.values().stream().map(it -> it.text(run -> run.folder().toString())).toList())
        .with("runs", runs.keySet().asList())
        .with("grouped", runs.values().stream().anyMatch(SeedGroup::isOfSeveral))
        .with(
            "bucket", runs.values().stream().mapToLong(it -> it.curves().bucket()).max().orElse(1))
        .with("settings", differing(settings(RunFiles::settings), several -> several > 1))
        .with("partial", differing(settings(RunFiles::settings), several -> several == 1))
        .with("provenance", differing(settings(RunFiles::provenance), several -> true))
        .with("results", results())
        .with(
            "sampled",
            samples.entrySet().stream()
                .map(it -> it.getKey() + ", step " + it.getValue().lastStep())
                .toList())
        .with("samples", SampleRows.last(List.copyOf(samples.values())))
        .withCharts(charts(), true, clocks())
        .render();
  }

  /**
   * The curves of the charts as a table in CSV, with the columns of {@link #CSV_HEAD} and a line
   * for each run, metric and step. Least and greatest are those of the runs that share a line or,
   * of a single run of more than 1,000 steps, of the steps that share a point; else they are the
   * value itself.
   */
  public String csv() {
    StringBuilder table = new StringBuilder(CSV_HEAD).append('\n');
    runs.forEach(
        (name, run) ->
            run.curves()
                .byName()
                .forEach(
                    (metric, curve) -> {
                      String start = MetricsCsv.quoted(name) + ',' + MetricsCsv.quoted(metric);
                      curve.points().forEach(it -> append(table.append(start), it));
                    }));
    return table.toString();
  }

  private static void append(StringBuilder line, Point point) {
    line.append(',').append(point.step());
    line.append(',').append(point.mean());
    line.append(',').append(point.least());
    line.append(',').append(point.greatest()).append('\n');
  }

  private List<Clock> clocks() {
    return runs.values().stream().map(run -> run.curves().clock()).toList();
  }

  /** The values of each run, in the order of the runs, with normalized paths. */
  private ImmutableList<Map<String, String>> settings(
      Function<RunFiles, ImmutableMap<String, String>> values) {
    ImmutableList.Builder<Map<String, String>> settings = ImmutableList.builder();
    runs.values().forEach(run -> settings.add(run.values(values)));
    return settings.build();
  }

  /**
   * A row for each key whose values differ between runs: the key, then each run's value.
   *
   * @param values which numbers of distinct values are included, not counting missing ones
   */
  private static ImmutableList<ImmutableList<String>> differing(
      ImmutableList<Map<String, String>> runs, LongPredicate values) {
    Set<String> keys = new LinkedHashSet<>();
    runs.forEach(run -> keys.addAll(run.keySet()));
    keys.remove(RunFiles.OUTPUT); // it always differs
    ImmutableList.Builder<ImmutableList<String>> rows = ImmutableList.builder();
    for (String key : keys) {
      List<String> row = runs.stream().map(run -> run.getOrDefault(key, NONE)).toList();
      if (Set.copyOf(row).size() > 1
          && values.test(row.stream().filter(it -> !it.equals(NONE)).distinct().count())) {
        rows.add(ImmutableList.<String>builder().add(key).addAll(row).build());
      }
    }
    return rows.build();
  }

  /** A row for each metric, with each run's mean over the last tenth of its points. */
  private ImmutableList<ImmutableList<String>> results() {
    ImmutableList.Builder<ImmutableList<String>> rows = ImmutableList.builder();
    rows.add(row("steps", run -> run.text(it -> Long.toString(it.curves().steps()))));
    if (runs.values().stream().anyMatch(run -> run.first().betaLag().isPresent())) {
      rows.add(
          row(
              "beta × mean lag of the reference",
              run -> {
                OptionalDouble pull = run.first().betaLag();
                return pull.isPresent() ? Numbers.rounded(pull.getAsDouble(), 3) : NONE;
              }));
    }
    for (String metric : metrics().values()) {
      rows.add(
          row(
              metric,
              run -> {
                String late = run.late(metric);
                return late.isEmpty() ? NONE : late;
              }));
    }
    return rows.build();
  }

  private ImmutableList<String> row(String head, Function<SeedGroup, String> cell) {
    ImmutableList.Builder<String> row = ImmutableList.<String>builder().add(head);
    runs.values().forEach(run -> row.add(cell.apply(run)));
    return row.build();
  }

  private ImmutableListMultimap<ChartGroup, String> metrics() {
    Set<String> metrics = new LinkedHashSet<>();
    runs.values().forEach(run -> metrics.addAll(run.curves().byName().keySet()));
    return Theme.grouped(metrics);
  }

  /** A chart for each metric, with a line for each run; a run has the same colour in all charts. */
  private ImmutableListMultimap<ChartGroup, Chart> charts() {
    ImmutableListMultimap.Builder<ChartGroup, Chart> charts = ImmutableListMultimap.builder();
    charts.putAll(ChartGroup.PROGRESS, KlCharts.of(Maps.transformValues(runs, SeedGroup::curves)));
    metrics().forEach((group, metric) -> charts.put(group, chart(metric)));
    return charts.build();
  }

  private Chart chart(String metric) {
    ImmutableList.Builder<Chart.Line> lines = ImmutableList.builder();
    runs.forEach(
        (name, run) -> {
          Curve curve = run.curves().byName().get(metric);
          lines.add(
              curve == null
                  ? Chart.Line.without(name)
                  : Chart.Line.of(name, Map.entry(metric, curve), run.isOfSeveral()));
        });
    return Chart.lines(metric, Theme.titleOf(metric), ImmutableLongArray.of(), lines.build());
  }
}
