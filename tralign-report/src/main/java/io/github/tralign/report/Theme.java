package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import io.github.tralign.report.Curves.Curve;
import io.github.tralign.report.Curves.Point;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Metrics that are shown in one chart, with an explanation. */
enum Theme {
  LOSS(
      ChartGroup.PROGRESS,
      "Loss",
      "Measured on each batch before its step.",
      ImmutableMap.of("loss", "loss")),
  MARGINS(
      ChartGroup.PROGRESS,
      "Reward margins",
      "β times how much more log-probability the chosen completion has gained than the rejected"
          + " one. The line against the initial policy shows progress: a moving reference pulls the"
          + " other line back towards 0.",
      ImmutableMap.of(
          "rewards/margins", "against the current reference",
          "initial/rewards/margins", "against the initial policy")),
  ACCURACY(
      ChartGroup.PROGRESS,
      "Accuracy",
      "Share of pairs with a positive margin. At a tie, such as right after a copy, it is 0.",
      ImmutableMap.of(
          "rewards/accuracies", "against the current reference",
          "initial/rewards/accuracies", "against the initial policy")),
  LOGPS(
      ChartGroup.REWARDS,
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
      ChartGroup.REWARDS,
      "Rewards against the initial policy",
      "β times the change of the log-probability since the start. Below 0, completions have become"
          + " less likely than they were.",
      ImmutableMap.of("initial/rewards/chosen", "chosen", "initial/rewards/rejected", "rejected")),
  REWARDS(
      ChartGroup.REWARDS,
      "Rewards against the current reference",
      "β times log π − log π_ref.",
      ImmutableMap.of("rewards/chosen", "chosen", "rewards/rejected", "rejected")),
  LOG_RATIOS(
      ChartGroup.REWARDS,
      "Log-ratios",
      "Mean of log π − log π_ref over completion tokens of the data: how far the policy has moved."
          + " It is not a KL divergence, which would need samples of the policy.",
      ImmutableMap.of(
          "logratios/reference", "to the current reference",
          "initial/logratios", "to the initial policy")),
  SAMPLED_KL(
      ChartGroup.PROGRESS,
      "KL from the initial policy",
      "Nats a completion, estimated on completions that the policy wrote. An estimate may be below 0,"
          + " the divergence is not.",
      ImmutableMap.of("kl/initial", "estimate", "kl/initial_error", "its standard error")),
  SAMPLE_LENGTH(
      ChartGroup.PROGRESS,
      "Length of samples",
      "Mean number of tokens, at most 128.",
      ImmutableMap.of("samples/length", "tokens")),
  SAMPLES_ENDED(
      ChartGroup.PROGRESS,
      "Samples that end",
      "Share of completions that ended with an end token, not at the maximum length.",
      ImmutableMap.of("samples/ended", "share")),
  GRADIENT(
      ChartGroup.OPTIMIZER,
      "Gradient norm",
      "Global norm before clipping.",
      ImmutableMap.of("grad_norm", "gradient norm")),
  LEARNING_RATE(
      ChartGroup.OPTIMIZER, "Learning rate", "", ImmutableMap.of("learning_rate", "learning rate")),
  REFERENCE_WEIGHT(
      ChartGroup.REFERENCE,
      "Weight mixed into the reference",
      "The policy's weight after each step: 0 keeps the reference, 1 copies the policy.",
      ImmutableMap.of("reference/weight", "weight")),
  GRADIENT_WEIGHT(
      ChartGroup.OPTIMIZER,
      "Gradient weight",
      "How strongly the loss acts on a completion; for DPO β σ(−βh), which shrinks as margins"
          + " grow and grows again when the reference moves.",
      ImmutableMap.of("diagnostics/gradient_weight", "mean of |∂L/∂log π|")),
  CLIPPING(
      ChartGroup.OPTIMIZER,
      "Clipping",
      "The factor that gradients were multiplied by to respect the maximum norm.",
      ImmutableMap.of("diagnostics/clip_factor", "factor")),
  FLIPS(
      ChartGroup.PROGRESS,
      "Flips of preference",
      "Share of pairs whose more likely completion differs from that under the initial policy.",
      ImmutableMap.of(
          "initial/flips/to_chosen", "now the chosen one",
          "initial/flips/to_rejected", "now the rejected one")),
  WEIGHT_DISTANCE(
      ChartGroup.REFERENCE,
      "Distance of the reference's weights",
      "Euclidean norm of policy minus reference.",
      ImmutableMap.of("reference/weight_distance", "distance")),
  PACKING(
      ChartGroup.COST,
      "What packing saves",
      "Shares of tokens that are not computed.",
      ImmutableMap.of(
          "diagnostics/padding", "padding of a padded batch",
          "diagnostics/sharing", "prompts that completions share")),
  SPEED(
      ChartGroup.COST, "Speed", "Rows per second.", ImmutableMap.of("pairs_per_second", "rows/s"));

  /** Prefix of metrics against the initial policy. */
  static final String INITIAL = "initial/";

  /** Prefix of metrics on held-out rows. */
  private static final String HELD_OUT = "eval_";

  private final ChartGroup group;
  final String title;
  private final String note;
  private final ImmutableMap<String, String> labels; // by metric

  Theme(ChartGroup group, String title, String note, ImmutableMap<String, String> labels) {
    this.group = group;
    this.title = title;
    this.note = note;
    this.labels = labels;
  }

  /** The given metrics by group: those of a theme first, in its order. */
  static ImmutableListMultimap<ChartGroup, String> grouped(Set<String> metrics) {
    ImmutableListMultimap.Builder<ChartGroup, String> grouped = ImmutableListMultimap.builder();
    Set<String> themed = new LinkedHashSet<>();
    for (Theme theme : values()) {
      themed.addAll(theme.labels.keySet());
      theme.labels.keySet().forEach(metric -> themed.add(HELD_OUT + metric));
    }
    for (String metric : Sets.union(themed, metrics)) {
      if (metrics.contains(metric)) {
        grouped.put(groupOf(metric), metric);
      }
    }
    return grouped.build();
  }

  private static ChartGroup groupOf(String metric) {
    return metric.startsWith(HELD_OUT)
        ? ChartGroup.HELD_OUT
        : themeOf(metric).map(theme -> theme.group).orElse(ChartGroup.OTHER);
  }

  private static Optional<Theme> themeOf(String metric) {
    return Arrays.stream(values()).filter(it -> it.labels.containsKey(metric)).findFirst();
  }

  /** The title of a metric; empty if it belongs to no theme. */
  static String titleOf(String metric) {
    if (metric.startsWith(HELD_OUT)) {
      return reference(HELD_OUT, titleOf(metric.substring(HELD_OUT.length())));
    }
    return themeOf(metric)
        .map(it -> it.labels.size() == 1 ? it.title : it.title + ", " + it.labels.get(metric))
        .orElse("");
  }

  /** The charts of one run: one for each theme, then one for each other metric. */
  static ImmutableListMultimap<ChartGroup, Chart> charts(Curves curves) {
    ImmutableListMultimap.Builder<ChartGroup, Chart> charts = ImmutableListMultimap.builder();
    Set<String> drawn = new HashSet<>();
    for (Theme theme : values()) {
      theme.chart(curves, "", drawn).ifPresent(chart -> charts.put(theme.group, chart));
      theme
          .chart(curves, HELD_OUT, drawn)
          .ifPresent(chart -> charts.put(ChartGroup.HELD_OUT, chart));
    }
    for (Map.Entry<String, Curve> metric : curves.byName().entrySet()) {
      String name = metric.getKey();
      if (!drawn.contains(name)) {
        Chart.Line line = Chart.Line.of(name, metric, curves.bucket() > 1);
        charts.put(groupOf(name), Chart.lines(name, "", curves.updates(), ImmutableList.of(line)));
      }
    }
    return charts.build();
  }

  /**
   * The theme's chart; empty if it has no lines.
   *
   * @param prefix of the metrics' names
   * @param drawn receives the metrics that need no other chart
   */
  private Optional<Chart> chart(Curves curves, String prefix, Set<String> drawn) {
    ImmutableList.Builder<Chart.Line> builder = ImmutableList.builder();
    labels.forEach(
        (metric, label) -> {
          String name = prefix + metric;
          Curve curve = curves.byName().get(name);
          if (curve != null) {
            drawn.add(name);
            if (!isRedundant(metric, curve, curves)) {
              builder.add(
                  Chart.Line.of(
                      reference(prefix, label), Map.entry(name, curve), curves.bucket() > 1));
            }
          }
        });
    ImmutableList<Chart.Line> lines = builder.build();
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Chart.lines(
                reference(prefix, title),
                prefix.isEmpty() ? note : "After the step, on all held-out rows.",
                curves.updates(),
                lines));
  }

  /** On held-out rows the reference is always the initial policy. */
  private static String reference(String prefix, String text) {
    return prefix.isEmpty() ? text : text.replace("current reference", "initial policy");
  }

  /**
   * Whether a line would add nothing: a constant weight or factor, or a metric against the current
   * reference that equals the one against the initial policy because the reference is fixed.
   */
  private static boolean isRedundant(String metric, Curve curve, Curves curves) {
    if (metric.equals("reference/weight") || metric.equals("diagnostics/clip_factor")) {
      return curve.points().stream().mapToDouble(Point::mean).distinct().count() == 1;
    }
    String initial = INITIAL + (metric.startsWith("logratios/") ? "logratios" : metric);
    return curve.equals(curves.byName().get(initial));
  }
}
