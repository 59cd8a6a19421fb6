package io.github.tralign.frontier;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The ends of the runs of one method and seed as a path over falling β, in the plane of √KL and
 * gold, with straight lines between neighbours.
 *
 * <p>KL need not grow along it: at small β a run may end nearer to its start again. So the points
 * are never sorted by KL, which would join different branches, and where the path meets a KL
 * several times, the best gold counts.
 */
final class BetaPath {

  private final List<ResultRow> ends; // by falling β

  /**
   * A path.
   *
   * @param ends the last rows of runs that differ by β only, at least one, in any order
   */
  BetaPath(List<ResultRow> ends) {
    this.ends =
        ends.stream().sorted(Comparator.comparingDouble(ResultRow::beta).reversed()).toList();
  }

  /** The gold at a KL; empty where no run, nor a line between two, comes to it. */
  OptionalDouble goldAt(double kl) {
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

  private static OptionalDouble onLine(ResultRow from, ResultRow to, double x) {
    double a = from.rootOfKl();
    double b = to.rootOfKl();
    if (x < Math.min(a, b) || x > Math.max(a, b)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        a == b
            ? Math.max(from.gold(), to.gold())
            : from.gold() + (to.gold() - from.gold()) * (x - a) / (b - a));
  }

  /** The greatest gold at the end of a run. */
  double peak() {
    return ends.stream().mapToDouble(ResultRow::gold).max().orElseThrow();
  }
}
