package io.github.tralign.frontier;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.github.tralign.figure.ChartStyle;
import io.github.tralign.figure.Figure;
import io.github.tralign.figure.Spread;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The figures of outcomes: a panel for each regime and loss. */
final class FrontierFigures {

  private static final ImmutableList<Color> COLORS =
      ImmutableList.of(
          new Color(0x222222),
          new Color(0xfdae6b),
          new Color(0xd95f02),
          new Color(0xa63603),
          new Color(0x7570b3),
          new Color(0x9ecae1),
          new Color(0x1f77b4),
          new Color(0x08306b),
          new Color(0x1b9e77));
  private static final int COLUMNS = 3;
  private static final BasicStroke LINE = new BasicStroke(1.4f);

  private final List<FrontierOutcome> outcomes;

  FrontierFigures(List<FrontierOutcome> outcomes) {
    this.outcomes = outcomes;
  }

  /** Gold at the end over √KL, means over the seeds, along β: the paper's figure 5. */
  Figure goldOverDivergence() {
    return grid(
        it ->
            overBeta(
                it,
                chart(it.title(), "√KL", "gold / peak of vanilla"),
                ResultRow::rootOfKl,
                row -> row.gold() / it.peaks().getOrDefault(row.seed(), Double.NaN)));
  }

  /** The share of permitted transitions over √KL. */
  Figure permitted() {
    return grid(
        it ->
            overBeta(
                it,
                chart(it.title(), "√KL", "permitted transitions"),
                ResultRow::rootOfKl,
                ResultRow::permitted));
  }

  /** KL at the end over β times the mean lag of the reference. */
  Figure divergenceOverPull() {
    return grid(
        it -> {
          XYChart chart = chart(it.title(), "β · mean lag", "KL");
          chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
          return overBeta(it, chart, ResultRow::pull, ResultRow::kl);
        });
  }

  /** Gold minus that of the vanilla method at equal β, over the lag: the paper's figure 4. */
  Figure equalBeta() {
    return grid(
        it -> {
          XYChart chart =
              chart(
                  it.title(), "mean lag: (1 − α)/α or (τ − 1)/2 steps", "gold − vanilla, equal β");
          chart.getStyler().setXAxisLogarithmic(true);
          for (double beta : it.equalBetas()) {
            addEqual(it, beta, "soft", SeriesMarkers.CIRCLE, chart);
            addEqual(it, beta, "hard", SeriesMarkers.SQUARE, chart);
          }
          return chart;
        });
  }

  /** A line for the rules of one kind, through their means over the seeds with standard errors. */
  private static void addEqual(
      FrontierOutcome outcome, double beta, String kind, Marker marker, XYChart chart) {
    List<Double> lags = new ArrayList<>();
    List<Double> gains = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    for (String rule : outcome.rules()) {
      Map<Long, Double> gain = outcome.gainAtBeta(rule, beta);
      if (rule.startsWith(kind) && gain.size() > 1) {
        double lag = outcome.byBeta(rule).getOrDefault(beta, List.of()).get(0).lag();
        if (!fits(lag, true)) {
          continue;
        }
        Spread spread = Spread.of(gain.values());
        lags.add(lag);
        gains.add(spread.mean());
        errors.add(spread.error());
      }
    }
    if (!lags.isEmpty()) {
      XYSeries series = chart.addSeries(kind + ", β " + beta, lags, gains, errors);
      Color color = COLORS.get(2 * outcome.equalBetas().indexOf(beta) + 2);
      series.setMarker(marker).setMarkerColor(color).setLineColor(color).setLineStyle(LINE);
    }
  }

  /** A line for each rule, through the means over the seeds at each β. */
  private static XYChart overBeta(
      FrontierOutcome outcome,
      XYChart chart,
      ToDoubleFunction<ResultRow> x,
      ToDoubleFunction<ResultRow> y) {
    int seeds = outcome.seeds().size();
    for (String rule : outcome.rules()) {
      List<Double> xs = new ArrayList<>();
      List<Double> ys = new ArrayList<>();
      for (Map.Entry<Double, List<ResultRow>> runs : outcome.byBeta(rule).entrySet()) {
        if (runs.getValue().size() == seeds) {
          double meanX = runs.getValue().stream().mapToDouble(x).average().orElseThrow();
          double meanY = runs.getValue().stream().mapToDouble(y).average().orElseThrow();
          if (fits(meanX, chart.getStyler().isXAxisLogarithmic())
              && fits(meanY, chart.getStyler().isYAxisLogarithmic())) {
            xs.add(meanX);
            ys.add(meanY);
          }
        }
      }
      if (!xs.isEmpty()) {
        XYSeries series = chart.addSeries(rule, xs, ys);
        Color color = COLORS.get(ReferenceRule.named(rule).orElseThrow().ordinal());
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
        series.setLineColor(color).setLineStyle(LINE);
      }
    }
    return chart;
  }

  /** Whether a value has a place on an axis. */
  private static boolean fits(double value, boolean logarithmic) {
    return Double.isFinite(value) && (value > 0 || !logarithmic);
  }

  /** An empty chart whose legend has room for all rules. */
  private static XYChart chart(String title, String xTitle, String yTitle) {
    XYChart chart = ChartStyle.chart(title, xTitle, yTitle);
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.OutsideE)
        .setLegendLayout(LegendLayout.Vertical);
    return chart;
  }

  private interface Drawing {
    /** The chart of an outcome. */
    XYChart of(FrontierOutcome outcome);
  }

  /** The charts that show something; an empty one if there is none. */
  private Figure grid(Drawing drawing) {
    List<XYChart> all = outcomes.stream().map(drawing::of).toList();
    List<XYChart> some = all.stream().filter(it -> !it.getSeriesCollection().isEmpty()).toList();
    List<XYChart> charts = some.isEmpty() ? all.subList(0, 1) : some;
    return new Figure(Lists.partition(charts, Math.min(COLUMNS, charts.size())));
  }
}
