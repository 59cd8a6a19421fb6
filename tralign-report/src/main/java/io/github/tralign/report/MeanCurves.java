package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.math.Stats;
import io.github.tralign.report.Curves.Curve;
import io.github.tralign.report.Curves.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The mean of several runs, with the least and the greatest of them at each step. */
final class MeanCurves {

  private static final String ERROR = "_error"; // ends the names of standard errors

  private MeanCurves() {}

  /** The means of the metrics that all runs have, at the steps at which all have them. */
  static Curves of(ImmutableList<Curves> runs) {
    Curves first = runs.get(0);
    if (runs.size() == 1) {
      return first;
    }
    ImmutableMap.Builder<String, Curve> means = ImmutableMap.builder();
    for (String metric : first.byName().keySet()) {
      List<Map<Long, Point>> points = new ArrayList<>();
      runs.stream()
          .flatMap(run -> Optional.ofNullable(run.byName().get(metric)).stream())
          .forEach(curve -> points.add(byStep(curve)));
      if (points.size() == runs.size()) {
        mean(points, metric.endsWith(ERROR)).ifPresent(curve -> means.put(metric, curve));
      }
    }
    return new Curves(
        runs.stream().mapToLong(Curves::steps).max().orElseThrow(),
        runs.stream().mapToLong(Curves::bucket).max().orElseThrow(),
        means.buildOrThrow(),
        first.clock(),
        first.updates());
  }

  private static Map<Long, Point> byStep(Curve curve) {
    return curve.points().stream()
        .collect(ImmutableMap.toImmutableMap(Point::step, Function.identity()));
  }

  private static Optional<Curve> mean(List<Map<Long, Point>> runs, boolean errors) {
    ImmutableList.Builder<Point> means = ImmutableList.builder();
    for (long step : runs.get(0).keySet()) {
      List<Point> points =
          runs.stream().flatMap(run -> Optional.ofNullable(run.get(step)).stream()).toList();
      if (points.size() == runs.size()) {
        Stats stats = stats(points, Point::mean);
        double last = errors ? errorOfMean(points) : stats(points, Point::last).mean();
        means.add(new Point(step, stats.mean(), stats.min(), stats.max(), last));
      }
    }
    ImmutableList<Point> all = means.build();
    return all.isEmpty() ? Optional.empty() : Optional.of(new Curve(all));
  }

  /** The standard error of the mean of values that have these standard errors. */
  private static double errorOfMean(List<Point> errors) {
    return Math.sqrt(errors.stream().mapToDouble(it -> it.last() * it.last()).sum())
        / errors.size();
  }

  private static Stats stats(List<Point> points, ToDoubleFunction<Point> value) {
    return Stats.of(points.stream().mapToDouble(value).toArray());
  }
}
