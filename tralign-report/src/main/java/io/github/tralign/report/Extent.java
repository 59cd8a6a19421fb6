package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import io.github.tralign.report.Chart.Line;
import java.util.List;
import java.util.Optional;

/**
 * A numeric summary of a line, for screen readers.
 *
 * @param label the line's label
 * @param first the first value with its step
 * @param last the last value with its step
 * @param least the least value, at its first step
 * @param greatest the greatest value, at its first step
 */
record Extent(String label, At first, At last, At least, At greatest) {

  /** A point of a line. */
  record At(Number x, Number y) {
    /** The value, formatted. */
    public String value() {
      return RunReport.number(y.doubleValue());
    }
  }

  /** The extent of a line; empty if it has no points. */
  static Optional<Extent> of(Line line) {
    int points = line.x().size();
    if (points == 0) {
      return Optional.empty();
    }
    List<Number> low = line.low().isEmpty() ? line.y() : line.low();
    List<Number> high = line.high().isEmpty() ? line.y() : line.high();
    int least = 0;
    int greatest = 0;
    for (int i = 1; i < points; i++) {
      least = low.get(i).doubleValue() < low.get(least).doubleValue() ? i : least;
      greatest = high.get(i).doubleValue() > high.get(greatest).doubleValue() ? i : greatest;
    }
    return Optional.of(
        new Extent(
            line.label(),
            new At(line.x().get(0), line.y().get(0)),
            new At(line.x().get(points - 1), line.y().get(points - 1)),
            new At(line.x().get(least), low.get(least)),
            new At(line.x().get(greatest), high.get(greatest))));
  }

  static ImmutableList<Extent> of(Chart chart) {
    return chart.lines().stream()
        .flatMap(line -> of(line).stream())
        .collect(ImmutableList.toImmutableList());
  }
}
