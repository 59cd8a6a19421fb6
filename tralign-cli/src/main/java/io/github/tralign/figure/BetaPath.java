package io.github.tralign.figure;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The ends of the runs of one method and seed as a path over falling β, in the plane of √KL and
 * quality, with straight lines between neighbours.
 *
 * <p>KL need not grow along it: at small β a run may end nearer to its start again. So the points
 * are never sorted by KL, which would join different branches, and where the path meets a KL
 * several times, the best quality counts.
 */
public final class BetaPath {

  /**
   * The end of a run.
   *
   * @param kl from the start, in nats; negative by rounding or by chance counts as 0
   */
  public record Point(double beta, double kl, double quality) {
    double rootOfKl() {
      return Math.sqrt(Math.max(0, kl));
    }
  }

  private final List<Point> ends; // by falling β

  /**
   * A path.
   *
   * @param ends of runs that differ by β only, at least one, in any order
   */
  public BetaPath(List<Point> ends) {
    this.ends = ends.stream().sorted(Comparator.comparingDouble(Point::beta).reversed()).toList();
  }

  /** The quality at a KL; empty where no run, nor a line between two, comes to it. */
  public OptionalDouble qualityAt(double kl) {
    double x = Math.sqrt(kl);
    OptionalDouble best = OptionalDouble.empty();
    for (int i = 0; i < ends.size(); i++) {
      OptionalDouble here = onLine(ends.get(i), ends.get(Math.min(i + 1, ends.size() - 1)), x);
      if (here.isPresent() && here.getAsDouble() > best.orElse(Double.NEGATIVE_INFINITY)) {
        best = here;
      }
    }
    return best;
  }

  private static OptionalDouble onLine(Point from, Point to, double x) {
    double a = from.rootOfKl();
    double b = to.rootOfKl();
    if (x < Math.min(a, b) || x > Math.max(a, b)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        a == b
            ? Math.max(from.quality(), to.quality())
            : from.quality() + (to.quality() - from.quality()) * (x - a) / (b - a));
  }

  /** The greatest quality at the end of a run. */
  public double peak() {
    return ends.stream().mapToDouble(Point::quality).max().orElseThrow();
  }

  /**
   * The quality of one method minus that of another at equal KL, in each seed in which both come to
   * it.
   *
   * @param mine paths by seed
   * @param others paths by seed
   */
  public static Map<Long, Double> gains(
      Map<Long, BetaPath> mine, Map<Long, BetaPath> others, double kl) {
    Map<Long, Double> gains = new TreeMap<>();
    mine.forEach(
        (seed, path) -> {
          BetaPath other = others.get(seed);
          OptionalDouble here = path.qualityAt(kl);
          OptionalDouble there = other == null ? OptionalDouble.empty() : other.qualityAt(kl);
          if (here.isPresent() && there.isPresent()) {
            gains.put(seed, here.getAsDouble() - there.getAsDouble());
          }
        });
    return gains;
  }
}
