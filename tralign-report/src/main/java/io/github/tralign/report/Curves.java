package io.github.tralign.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The metrics of a run, downsampled for a page. Runs of up to {@link #POINTS} steps are unchanged;
 * longer ones are divided into that many buckets of consecutive steps, each with mean, least and
 * greatest value.
 *
 * @param steps number of steps
 * @param bucket steps per bucket; 1 if not downsampled
 * @param byName a curve for each metric, in order of appearance
 * @param clock tokens and seconds by the end of each bucket
 * @param updates the steps after which the reference was updated; empty if there are too many to
 *     mark, as with soft updates
 */
record Curves(
    long steps,
    long bucket,
    ImmutableMap<String, Curve> byName,
    Clock clock,
    ImmutableLongArray updates) {

  static final int POINTS = 1000;
  private static final int MARKS = 200;

  /** Fields of each line that are not metrics. */
  private static final Set<String> CLOCKS = Set.of("step", "epoch", "num_tokens");

  /**
   * Reads the file twice: first for its length and names, then for its values.
   *
   * @param rows rows per step, if known
   */
  static Curves of(Path metrics, OptionalDouble rows) {
    Set<String> names = new LinkedHashSet<>();
    long[] steps = new long[1];
    MetricsReader.forEach(
        metrics,
        (step, line) -> {
          steps[0]++;
          line.fieldNames().forEachRemaining(names::add);
        });
    names.removeAll(CLOCKS);
    long bucket = Math.max(1, (steps[0] + POINTS - 1) / POINTS);
    Map<String, Buckets> buckets = new LinkedHashMap<>();
    names.forEach(name -> buckets.put(name, new Buckets()));
    Clock.Builder clock = new Clock.Builder();
    List<Long> updates = new ArrayList<>();
    long[] line = new long[1];
    MetricsReader.forEach(
        metrics,
        (step, values) -> {
          if (line[0]++ % bucket == 0) {
            buckets.values().forEach(Buckets::next);
            clock.mark();
          }
          clock.add(step, values);
          buckets.forEach((name, it) -> it.add(step, values.path(name)));
          if (values.path("reference/weight").asDouble() > 0 && updates.size() <= MARKS) {
            updates.add(step);
          }
        });
    Map<String, Curve> curves = new LinkedHashMap<>();
    buckets.forEach((name, it) -> it.curve().ifPresent(curve -> curves.put(name, curve)));
    boolean marked = updates.size() <= MARKS && updates.size() <= steps[0] / 2;
    return new Curves(
        steps[0],
        bucket,
        ImmutableMap.copyOf(curves),
        clock.build(rows),
        marked ? ImmutableLongArray.copyOf(updates) : ImmutableLongArray.of());
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /**
   * The points of a metric in the order of the steps; buckets in which it was not measured have no
   * point.
   */
  record Curve(ImmutableList<Point> points) {

    double last() {
      return points.get(points.size() - 1).last();
    }

    /** The mean of the first tenth of the points, at least one. */
    double early() {
      return mean(points.subList(0, tenth()));
    }

    /** The mean of the last tenth of the points, at least one. */
    double late() {
      return mean(points.subList(points.size() - tenth(), points.size()));
    }

    private int tenth() {
      return Math.max(1, points.size() / 10);
    }

    private static double mean(List<Point> points) {
      return points.stream().mapToDouble(Point::mean).average().orElse(Double.NaN);
    }
  }

  /**
   * The values in a bucket.
   *
   * @param step the last step at which the metric was measured
   */
  record Point(long step, double mean, double least, double greatest, double last) {}

  /** Collects the points of one metric. */
  private static final class Buckets {
    private final ImmutableList.Builder<Point> points = ImmutableList.builder();
    private double sum;
    private double least;
    private double greatest;
    private double last;
    private long step;
    private long count;

    void next() {
      if (count > 0) {
        points.add(new Point(step, sum / count, least, greatest, last));
      }
      sum = 0;
      least = Double.POSITIVE_INFINITY;
      greatest = Double.NEGATIVE_INFINITY;
      count = 0;
    }

    void add(long atStep, JsonNode value) {
      if (value.isNumber()) {
        step = atStep;
        last = value.doubleValue();
        sum += last;
        least = Math.min(least, last);
        greatest = Math.max(greatest, last);
        count++;
      }
    }

    /** The curve; empty if no step has a number. */
    Optional<Curve> curve() {
      next();
      ImmutableList<Point> all = points.build();
      return all.isEmpty() ? Optional.empty() : Optional.of(new Curve(all));
    }
  }
}
