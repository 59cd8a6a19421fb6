package io.github.tralign.sweep;

import com.google.common.collect.ImmutableList;
import io.github.tralign.figure.ChartStyle;
import io.github.tralign.figure.Figure;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The figures of an outcome: means over the seeds at each β, a line for each rule. */
final class SweepFigures {

  private static final ImmutableList<Color> COLORS =
      ImmutableList.of(
          new Color(0x222222),
          new Color(0xd95f02),
          new Color(0x1f77b4),
          new Color(0x1b9e77),
          new Color(0x7570b3),
          new Color(0xe7298a),
          new Color(0xa6761d),
          new Color(0x66a61e));

  private final SweepOutcome outcome;

  SweepFigures(SweepOutcome outcome) {
    this.outcome = outcome;
  }

  /** Each quality over √KL: the paper's figure 5. */
  Figure qualityOverDivergence() {
    return row(
        outcome.qualities().stream()
            .map(
                quality ->
                    lines(
                        ChartStyle.chart(quality.title(), "√KL", quality.toString()),
                        true,
                        SweepRow::rootOfKl,
                        quality::of))
            .toList());
  }

  /** Each quality over β: at equal β, as in the paper's figure 4. */
  Figure qualityOverBeta() {
    return row(
        outcome.qualities().stream()
            .map(
                quality -> {
                  XYChart chart = ChartStyle.chart(quality.title(), "β", quality.toString());
                  chart.getStyler().setXAxisLogarithmic(true);
                  return lines(chart, false, SweepRow::beta, quality::of);
                })
            .toList());
  }

  /** KL over β times the mean lag of the reference, and length and ended answers over √KL. */
  Figure divergenceOverPull() {
    XYChart pull = ChartStyle.chart("KL", "β · mean lag", "KL");
    pull.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    return row(
        List.of(
            lines(pull, false, SweepRow::pull, SweepRow::kl),
            lines(
                ChartStyle.chart("tokens of an answer", "√KL", "tokens"),
                true,
                SweepRow::rootOfKl,
                SweepRow::length),
            lines(
                ChartStyle.chart("answers that end", "√KL", "share"),
                true,
                SweepRow::rootOfKl,
                SweepRow::ended)));
  }

  private static Figure row(List<XYChart> charts) {
    return new Figure(List.of(charts));
  }

  /**
   * A line for each rule over its own β; at other β too unless {@code scaled} is set. A β that not
   * all seeds have is left out.
   */
  private XYChart lines(
      XYChart chart, boolean scaled, ToDoubleFunction<SweepRow> x, ToDoubleFunction<SweepRow> y) {
    int color = 0;
    for (String rule : outcome.rules()) {
      List<Double> xs = new ArrayList<>();
      List<Double> ys = new ArrayList<>();
      for (List<SweepRow> runs : outcome.byBeta(rule).values()) {
        boolean whole = runs.size() == outcome.seeds().size();
        boolean shown = !scaled || runs.stream().allMatch(SweepRow::scaled);
        double meanX = mean(runs, x);
        double meanY = mean(runs, y);
        if (whole
            && shown
            && fits(meanX, chart.getStyler().isXAxisLogarithmic())
            && fits(meanY, chart.getStyler().isYAxisLogarithmic())) {
          xs.add(meanX);
          ys.add(meanY);
        }
      }
      Color own = COLORS.get(color++ % COLORS.size());
      if (!xs.isEmpty()) {
        XYSeries series = chart.addSeries(rule, xs, ys);
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(own);
        series.setLineColor(own).setLineStyle(new BasicStroke(1.4f));
      }
    }
    return chart;
  }

  private static double mean(List<SweepRow> runs, ToDoubleFunction<SweepRow> value) {
    return runs.stream().mapToDouble(value).average().orElseThrow();
  }

  /** Whether a value has a place on an axis. */
  private static boolean fits(double value, boolean logarithmic) {
    return Double.isFinite(value) && (value > 0 || !logarithmic);
  }
}
