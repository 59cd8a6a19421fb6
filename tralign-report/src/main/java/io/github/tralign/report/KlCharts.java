package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.report.Chart.Line;
import io.github.tralign.report.Curves.Curve;
import io.github.tralign.report.Curves.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Charts of held-out metrics over the divergence from the initial policy, with a line for each run:
 * what a run has gained, and how far the policy has moved for it.
 */
final class KlCharts {

  private static final String KL = "kl/initial";
  private static final String ERROR = "kl/initial_error";
  private static final String AXIS = "KL from the initial policy, nats a completion";
  private static final String NOTE =
      "A point for each step with both an evaluation and samples, joined in the order of the steps"
          + " up to the one with a ring; bars are ± one standard error of the estimated divergence.";
  private static final String LAG =
      " Compare runs at equal KL, not only at equal β: a reference that moves makes β weaker, and"
          + " runs with the same β times mean lag of the reference end at about the same KL.";
  private static final int FEWEST = 2; // points of a chart

  private KlCharts() {}

  /** The charts that have at least two points. */
  static ImmutableList<Chart> of(Map<String, Curves> runs) {
    ImmutableList.Builder<Chart> charts = ImmutableList.builder();
    chart(
            runs,
            "eval_rewards/margins",
            "Held-out reward margin over KL",
            "reward margin, β × nats",
            " Margins are comparable only between runs with the same loss and β.")
        .ifPresent(charts::add);
    chart(
            runs,
            "eval_rewards/accuracies",
            "Held-out accuracy over KL",
            "accuracy, share of pairs",
            "")
        .ifPresent(charts::add);
    return charts.build();
  }

  private static Optional<Chart> chart(
      Map<String, Curves> runs, String metric, String title, String axis, String more) {
    ImmutableList<Line> lines =
        runs.entrySet().stream()
            .map(run -> line(run.getKey(), run.getValue().byName(), metric))
            .collect(ImmutableList.toImmutableList());
    String note = runs.size() > 1 ? NOTE + LAG + more : NOTE;
    return lines.stream().anyMatch(line -> line.x().size() >= FEWEST)
        ? Optional.of(Chart.path(title, note, AXIS, axis, lines))
        : Optional.empty();
  }

  private static Line line(String label, ImmutableMap<String, Curve> curves, String metric) {
    Map<Long, Double> values = byStep(curves, metric);
    Map<Long, Double> errors = byStep(curves, ERROR);
    List<Number> x = new ArrayList<>();
    List<Number> y = new ArrayList<>();
    List<Number> error = new ArrayList<>();
    byStep(curves, KL)
        .forEach(
            (step, kl) -> {
              Double value = values.get(step);
              if (value != null) {
                x.add(Line.rounded(kl));
                y.add(Line.rounded(value));
                error.add(Line.rounded(errors.getOrDefault(step, 0.0)));
              }
            });
    return Line.path(label, x, y, error);
  }

  /** The values as they were measured, in the order of the steps. */
  private static Map<Long, Double> byStep(ImmutableMap<String, Curve> curves, String metric) {
    Curve curve = curves.get(metric);
    return curve == null
        ? ImmutableMap.of()
        : curve.points().stream().collect(ImmutableMap.toImmutableMap(Point::step, Point::last));
  }
}
