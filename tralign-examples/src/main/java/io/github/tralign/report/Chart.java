package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.report.Curves.Curve;
import io.github.tralign.report.Curves.Point;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A drawing: lines over the steps, or bars over lengths. This is what the page's script reads.
 *
 * @param title above it
 * @param note below the title: how to read it
 * @param kind {@code lines} or {@code bars}
 * @param marks steps to mark
 * @param lines at least one
 */
record Chart(String title, String note, String kind, List<Long> marks, ImmutableList<Line> lines) {

  /**
   * One line.
   *
   * @param label in the legend
   * @param x steps, ascending
   * @param y a value for each step
   * @param low the least value behind each y; empty where there is but one
   * @param high the greatest value behind each y; empty where there is but one
   */
  record Line(String label, List<Number> x, List<Number> y, List<Number> low, List<Number> high) {

    private static final MathContext DIGITS = new MathContext(6);

    static Line of(String label, Curve curve, boolean thinned) {
      ImmutableList<Point> points = curve.points();
      return new Line(
          label,
          points.stream().<Number>map(Point::step).toList(),
          numbers(points, Point::mean),
          thinned ? numbers(points, Point::least) : List.of(),
          thinned ? numbers(points, Point::greatest) : List.of());
    }

    /** More digits than can be seen would only make the page larger. */
    private static List<Number> numbers(List<Point> points, ToDoubleFunction<Point> value) {
      return points.stream()
          .<Number>map(it -> BigDecimal.valueOf(value.applyAsDouble(it)).round(DIGITS))
          .toList();
    }
  }

  static Chart lines(
      String title, String note, ImmutableLongArray marks, ImmutableList<Line> lines) {
    return new Chart(title, note, "lines", marks.asList(), lines);
  }

  static Chart bars(String title, String note, ImmutableList<Line> lines) {
    return new Chart(title, note, "bars", List.of(), lines);
  }
}
