package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import io.github.tralign.report.Chart.Line;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The charts of a page, grouped for the template and as data for the script.
 *
 * @param groups the groups, in order
 * @param data the script's data
 */
record Drawings(ImmutableList<Group> groups, Data data) {

  /** The charts under one heading. */
  record Group(String title, String id, ImmutableList<Drawing> drawings) {}

  /**
   * A chart on the page.
   *
   * @param number its index in the script's data
   * @param extents a numeric summary of each line
   */
  record Drawing(int number, Chart chart, ImmutableList<Extent> extents) {

    private static final int FEW = 4;

    /** A description of the chart for screen readers. */
    public String summary() {
      String lines =
          extents.size() > FEW
              ? ends()
              : extents.stream().map(this::summary).collect(Collectors.joining("; "));
      return chart.title() + ". " + lines + ".";
    }

    private String ends() {
      Comparator<Extent> byEnd = Comparator.comparingDouble(it -> it.last().y().doubleValue());
      Extent least = Collections.min(extents, byEnd);
      Extent greatest = Collections.max(extents, byEnd);
      return String.format(
          Locale.ROOT,
          "%d lines; they end between %s (%s) and %s (%s)",
          extents.size(),
          least.last().value(),
          least.label(),
          greatest.last().value(),
          greatest.label());
    }

    private String summary(Extent line) {
      if (chart.kind().equals("bars")) {
        return line.label();
      }
      String at = chart.kind().equals("path") ? "KL" : "step";
      return String.format(
          Locale.ROOT,
          "%s from %s at %s %s to %s at %s %s",
          line.label(),
          line.first().value(),
          at,
          line.first().x(),
          line.last().value(),
          at,
          line.last().x());
    }
  }

  /**
   * The script's data.
   *
   * @param linked whether the lines of each chart belong to the same runs
   * @param runs tokens and seconds by step, one for each line if linked, else one
   * @param steps the distinct lists of x values
   * @param charts the charts, by number
   */
  record Data(
      boolean linked,
      List<Clock> runs,
      ImmutableList<List<Number>> steps,
      List<DataChart> charts) {}

  /** A chart in the script's form. */
  record DataChart(
      String title, String kind, List<String> axes, List<Long> marks, List<DataLine> lines) {}

  /**
   * A line in the script's form.
   *
   * @param x index of its list of x values in {@link Data#steps}
   */
  record DataLine(
      String label,
      int x,
      List<Number> y,
      List<Number> low,
      List<Number> high,
      List<Number> error) {}

  static Drawings of(
      ImmutableListMultimap<ChartGroup, Chart> charts, boolean linked, List<Clock> runs) {
    Map<List<Number>, Integer> steps = new LinkedHashMap<>();
    List<DataChart> data = new ArrayList<>();
    ImmutableList.Builder<Group> groups = ImmutableList.builder();
    for (ChartGroup group : ChartGroup.values()) {
      ImmutableList.Builder<Drawing> drawings = ImmutableList.builder();
      for (Chart chart : charts.get(group)) {
        drawings.add(new Drawing(data.size(), chart, Extent.of(chart)));
        data.add(
            new DataChart(
                chart.title(),
                chart.kind(),
                chart.axes(),
                chart.marks(),
                chart.lines().stream().map(line -> dataLine(line, steps)).toList()));
      }
      if (charts.containsKey(group)) {
        groups.add(new Group(group.title, group.id(), drawings.build()));
      }
    }
    return new Drawings(
        groups.build(), new Data(linked, runs, ImmutableList.copyOf(steps.keySet()), data));
  }

  private static DataLine dataLine(Line line, Map<List<Number>, Integer> steps) {
    steps.putIfAbsent(line.x(), steps.size());
    return new DataLine(
        line.label(), steps.get(line.x()), line.y(), line.low(), line.high(), line.error());
  }
}
