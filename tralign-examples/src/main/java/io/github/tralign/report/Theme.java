package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.report.Curves.Curve;
import io.github.tralign.report.Curves.Point;

/** Metrics that are shown in one drawing, and how to read them. */
enum Theme {
  LOSS("Loss", "Measured on each batch before its step.", ImmutableMap.of("loss", "loss")),
  MARGINS(
      "Reward margins",
      "β times how much more the chosen completion's log-probability has gained than the rejected"
          + " one's. Progress is the line against the initial policy: a reference that moves takes"
          + " the other one back towards 0.",
      ImmutableMap.of(
          "rewards/margins", "against the current reference",
          "initial/rewards/margins", "against the initial policy")),
  ACCURACY(
      "Accuracy",
      "Share of pairs with a positive margin. At a tie, such as right after a copy, it is 0.",
      ImmutableMap.of(
          "rewards/accuracies", "against the current reference",
          "initial/rewards/accuracies", "against the initial policy")),
  LOGPS(
      "Log-probabilities",
      "Mean log-probability of a whole completion under the policy.",
      ImmutableMap.of(
          "logps/chosen",
          "chosen",
          "logps/rejected",
          "rejected",
          "logps/completion",
          "completion")),
  INITIAL_REWARDS(
      "Rewards against the initial policy",
      "β times the change of the log-probability since the start. Below 0, completions have become"
          + " less likely than they were.",
      ImmutableMap.of("initial/rewards/chosen", "chosen", "initial/rewards/rejected", "rejected")),
  REWARDS(
      "Rewards against the current reference",
      "β times log π − log π_ref.",
      ImmutableMap.of("rewards/chosen", "chosen", "rewards/rejected", "rejected")),
  LOG_RATIOS(
      "Log-ratios",
      "Mean of log π − log π_ref over completion tokens of the data: how far the policy went. It is"
          + " no KL divergence of samples.",
      ImmutableMap.of(
          "logratios/reference", "to the current reference",
          "initial/logratios", "to the initial policy")),
  GRADIENT(
      "Gradient norm",
      "Global norm before clipping.",
      ImmutableMap.of("grad_norm", "gradient norm")),
  LEARNING_RATE("Learning rate", "", ImmutableMap.of("learning_rate", "learning rate")),
  REFERENCE_WEIGHT(
      "Weight mixed into the reference",
      "The policy's weight after each step: 0 keeps the reference, 1 copies the policy.",
      ImmutableMap.of("reference/weight", "weight")),
  GRADIENT_WEIGHT(
      "Gradient weight",
      "How hard the loss pulls at a completion; for DPO β σ(−βh), which fades as margins grow and"
          + " comes back when the reference moves.",
      ImmutableMap.of("diagnostics/gradient_weight", "mean of |∂L/∂log π|")),
  CLIPPING(
      "Clipping",
      "What gradients were multiplied by to keep to the largest norm.",
      ImmutableMap.of("diagnostics/clip_factor", "factor")),
  FLIPS(
      "Flips of preference",
      "Share of pairs whose more likely completion is another one than under the initial policy.",
      ImmutableMap.of(
          "initial/flips/to_chosen", "now the chosen one",
          "initial/flips/to_rejected", "now the rejected one")),
  WEIGHT_DISTANCE(
      "Distance of the reference's weights",
      "Euclidean norm of policy minus reference.",
      ImmutableMap.of("reference/weight_distance", "distance")),
  PACKING(
      "What packing saves",
      "Shares of tokens that need not be computed.",
      ImmutableMap.of(
          "diagnostics/padding", "padding of a padded batch",
          "diagnostics/sharing", "prompts that completions share")),
  SPEED("Speed", "Rows a second.", ImmutableMap.of("pairs_per_second", "rows/s"));

  final String title;
  final String note;

  /** Labels by metric. */
  final ImmutableMap<String, String> labels;

  Theme(String title, String note, ImmutableMap<String, String> labels) {
    this.title = title;
    this.note = note;
    this.labels = labels;
  }

  /** What a metric is; empty for one that belongs to no theme. */
  static String titleOf(String metric) {
    for (Theme theme : values()) {
      String label = theme.labels.get(metric);
      if (label != null) {
        return theme.labels.size() == 1 ? theme.title : theme.title + ", " + label;
      }
    }
    return "";
  }

  /** The charts of one run: by theme, then one for each metric that belongs to none. */
  static ImmutableList<Chart> charts(Curves curves) {
    ImmutableList.Builder<Chart> charts = ImmutableList.builder();
    for (Theme theme : values()) {
      ImmutableList<Chart.Line> lines = theme.lines(curves);
      if (!lines.isEmpty()) {
        charts.add(Chart.lines(theme.title, theme.note, curves.updates(), lines));
      }
    }
    curves
        .byName()
        .forEach(
            (name, curve) -> {
              if (titleOf(name).isEmpty()) {
                charts.add(
                    Chart.lines(
                        name,
                        "",
                        curves.updates(),
                        ImmutableList.of(Chart.Line.of(name, curve, curves.bucket() > 1))));
              }
            });
    return charts.build();
  }

  private ImmutableList<Chart.Line> lines(Curves curves) {
    ImmutableList.Builder<Chart.Line> lines = ImmutableList.builder();
    labels.forEach(
        (metric, label) -> {
          Curve curve = curves.byName().get(metric);
          if (curve != null && !isTold(metric, curve, curves)) {
            lines.add(Chart.Line.of(label, curve, curves.bucket() > 1));
          }
        });
    return lines.build();
  }

  /**
   * Whether a line would show nothing: a weight or factor that is always the same, and, where the
   * reference is fixed and so the initial policy, the figures against the one that the other has.
   */
  private static boolean isTold(String metric, Curve curve, Curves curves) {
    if (metric.equals("reference/weight") || metric.equals("diagnostics/clip_factor")) {
      return curve.points().stream().mapToDouble(Point::mean).distinct().count() == 1;
    }
    String initial = "initial/" + (metric.startsWith("logratios/") ? "logratios" : metric);
    return curve.equals(curves.byName().get(initial));
  }
}
