package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.report.Curves.Curve;
import io.github.tralign.report.Curves.Point;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A chart: lines over steps, bars over lengths, or a metric over another one.
 *
 * @param title the title
 * @param note how to read the chart, shown below the title
 * @param kind {@code lines}, {@code bars} or {@code path}
 * @param axes the names of the x and y axis; empty for the usual ones
 * @param marks steps to mark
 * @param lines the lines, at least one
 */
record Chart(
    String title,
    String note,
    String kind,
    List<String> axes,
    List<Long> marks,
    ImmutableList<Line> lines) {

  /**
   * A line of a chart.
   *
   * @param label its label in the legend
   * @param x steps, ascending; of a path the values of a metric, in the order of the steps
   * @param y the value at each x
   * @param low the least value in the bucket of each y; empty if buckets have one value
   * @param high the greatest value in the bucket of each y; empty if buckets have one value
   * @param error of a path, the standard error of each x; else empty
   */
  record Line(
      String label,
      List<Number> x,
      List<Number> y,
      List<Number> low,
      List<Number> high,
      List<Number> error) {

    private static final MathContext DIGITS = new MathContext(6);

    /**
     * The line of a metric. Metrics against the initial policy are 0 before the first step, since
     * the policy is then the initial one.
     */
    static Line of(String label, Map.Entry<String, Curve> metric, boolean thinned) {
      ImmutableList<Point> points = metric.getValue().points();
      boolean fromZero = metric.getKey().startsWith(Theme.INITIAL) && points.get(0).step() > 0;
      return new Line(
          label,
          numbers(points, fromZero, Point::step),
          numbers(points, fromZero, point -> rounded(point.mean())),
          thinned ? numbers(points, fromZero, point -> rounded(point.least())) : List.of(),
          thinned ? numbers(points, fromZero, point -> rounded(point.greatest())) : List.of(),
          List.of());
    }

    /** An empty line, for a run without this metric. */
    static Line without(String label) {
      return path(label, List.of(), List.of(), List.of());
    }

    static Line path(String label, List<Number> x, List<Number> y, List<Number> error) {
      return new Line(label, x, y, List.of(), List.of(), error);
    }

    private static List<Number> numbers(
        List<Point> points, boolean fromZero, Function<Point, Number> value) {
      List<Number> numbers = new ArrayList<>(points.size() + 1);
      if (fromZero) {
        numbers.add(0);
      }
      points.forEach(point -> numbers.add(value.apply(point)));
      return numbers;
    }

    /** Rounds to the digits that can be seen; more would only make the page larger. */
    static Number rounded(double value) {
      return BigDecimal.valueOf(value).round(DIGITS);
    }
  }

  static Chart lines(
      String title, String note, ImmutableLongArray marks, ImmutableList<Line> lines) {
    return new Chart(title, note, "lines", List.of(), marks.asList(), lines);
  }

  static Chart bars(String title, String note, ImmutableList<Line> lines) {
    return new Chart(title, note, "bars", List.of(), List.of(), lines);
  }

  /** One metric over another. */
  static Chart path(String title, String note, String x, String y, ImmutableList<Line> lines) {
    return new Chart(title, note, "path", List.of(x, y), List.of(), lines);
  }
}
