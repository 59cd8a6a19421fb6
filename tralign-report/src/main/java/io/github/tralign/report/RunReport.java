package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import io.github.tralign.data.DataReport;
import io.github.tralign.data.DataStatistics;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.report.Curves.Curve;
import io.github.tralign.train.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code report.html} and {@code metrics.csv} into a run's folder, from the folder's other
 * files. Existing files are replaced.
 */
public final class RunReport {

  /**
   * Name of the mean lag of the reference, in steps, below {@code provenance} in {@code
   * config.yaml}: {@link io.github.tralign.train.Trainer#meanLag}.
   */
  public static final String REFERENCE_LAG = "reference-lag";

  private final Path folder;
  private final Supplier<DataReport> data;
  private final Supplier<DataStatistics> statistics;

  /**
   * Makes a report of a run.
   *
   * @param folder the run's folder, with at least {@code metrics.jsonl} when the report is written
   * @param data the training data
   */
  public RunReport(Path folder, PreferenceData data) {
    this(folder, data::report, data::statistics);
  }

  /**
   * Makes a report of a run.
   *
   * @param folder the run's folder, with at least {@code metrics.jsonl} when the report is written
   * @param data which rows were read, truncated or skipped; called when the report is written
   * @param statistics the lengths of the training rows; called when the report is written
   */
  public RunReport(Path folder, Supplier<DataReport> data, Supplier<DataStatistics> statistics) {
    this.folder = folder;
    this.data = data;
    this.statistics = statistics;
  }

  /**
   * Writes the report of a finished run, and then {@code summary.json}, whose existence marks a run
   * as complete.
   *
   * @throws java.io.UncheckedIOException if a file cannot be written
   */
  public void finished(TrainingResult result, PhaseSeconds seconds) {
    finished(result, seconds, Map.of());
  }

  /**
   * As {@link #finished(TrainingResult, PhaseSeconds)}.
   *
   * @param more what else is put into {@code summary.json}, by name: values that Jackson can write
   * @throws java.io.UncheckedIOException if a file cannot be written
   */
  public void finished(TrainingResult result, PhaseSeconds seconds, Map<String, ?> more) {
    Map<String, Object> summary = RunSummary.of(result, seconds);
    summary.putAll(more);
    write(RunFiles.of(folder, summary), null);
    RunSummary.write(folder, summary);
  }

  /**
   * Writes the report of a run that did not finish, with the metrics so far.
   *
   * @param reason why it ended
   * @throws java.io.UncheckedIOException if a file cannot be written
   */
  public void stopped(String reason) {
    write(RunFiles.of(folder), reason);
  }

  void write(RunFiles run, @Nullable String stopped) {
    Lengths lengths = new Lengths(statistics.get());
    SampleRows samples = SampleRows.of(folder);
    ImmutableListMultimap<ChartGroup, Chart> charts =
        ImmutableListMultimap.<ChartGroup, Chart>builder()
            .putAll(ChartGroup.PROGRESS, KlCharts.of(Map.of("held-out rows", run.curves())))
            .putAll(Theme.charts(run.curves()))
            .put(ChartGroup.DATA, lengths.chart())
            .build();
    new Page("report.peb")
        .with("run", run)
        .with("stopped", stopped == null ? "" : stopped)
        .with("steps", String.format(Locale.ROOT, "%,d", run.curves().steps()))
        .with("findings", Findings.of(run, lengths.chosenOverRejected()))
        .with("dataReport", data.get().summary())
        .with("rows", rows(run.curves()))
        .with("sampled", samples.steps().stream().map(it -> "step " + it).toList())
        .with("samples", samples.shown())
        .with("unsampled", stopped != null && run.curves().steps() > samples.lastStep())
        .withCharts(charts, false, List.of(run.curves().clock()))
        .write(folder.resolve("report.html"));
    MetricsCsv.write(folder.resolve("metrics.jsonl"), folder.resolve("metrics.csv"));
  }

  /**
   * For each metric its name, the means of the first and last tenth of its points, and its last
   * value.
   */
  private static ImmutableList<ImmutableList<String>> rows(Curves curves) {
    ImmutableList.Builder<ImmutableList<String>> rows = ImmutableList.builder();
    for (Map.Entry<String, Curve> entry : curves.byName().entrySet()) {
      Curve curve = entry.getValue();
      rows.add(
          ImmutableList.of(
              entry.getKey(), number(curve.early()), number(curve.late()), number(curve.last())));
    }
    return rows.build();
  }

  /** Formats a number with four significant digits. */
  static String number(double value) {
    double size = Math.abs(value);
    if (value == 0 || (size >= 1e-3 && size < 1e6)) {
      int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
      return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
    return String.format(Locale.ROOT, "%.3e", value);
  }
}
