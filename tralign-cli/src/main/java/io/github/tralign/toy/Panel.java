package io.github.tralign.toy;

import io.github.tralign.figure.ChartStyle;
import java.awt.BasicStroke;
import java.awt.Color;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart over the steps: lines of means with bands of one standard deviation. */
final class Panel {

  static final Color BLUE = new Color(0x1f77b4);
  static final Color ORANGE = new Color(0xd95f02);
  static final Color GREEN = new Color(0x1b9e77);

  private static final int BAND_ALPHA = 50; // of 255
  private static final BasicStroke LINE = new BasicStroke(1.6f);

  private final XYChart chart;
  private final double[] steps;
  private final double bottom;
  private final double top;

  /**
   * Makes an empty chart.
   *
   * @param steps the measured steps
   * @param bottom lower end of the vertical axis
   * @param top upper end of the vertical axis
   */
  Panel(String title, String yTitle, double[] steps, double bottom, double top) {
    this.steps = steps;
    this.bottom = bottom;
    this.top = top;
    chart = ChartStyle.chart(title, "step", yTitle);
    chart
        .getStyler()
        .setYAxisMin(bottom)
        .setYAxisMax(top)
        .setXAxisMin(0.0)
        .setXAxisMax(1.01 * steps[steps.length - 1]); // an end at a step would put ticks at steps
  }

  /** Adds a mean with its band, clipped to the vertical axis. */
  Panel with(String name, Band band, Color color) {
    int n = steps.length;
    double[] x = new double[2 * n]; // forward along the upper edge, back along the lower edge
    double[] y = new double[2 * n];
    for (int i = 0; i < n; i++) {
      x[i] = steps[i];
      y[i] = Math.min(top, band.mean()[i] + band.std()[i]);
      x[2 * n - 1 - i] = steps[i];
      y[2 * n - 1 - i] = Math.max(bottom, band.mean()[i] - band.std()[i]);
    }
    XYSeries area = chart.addSeries(name + " ± std", x, y);
    area.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    area.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_ALPHA));
    area.setLineStyle(SeriesLines.NONE);
    area.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
    XYSeries line = chart.addSeries(name, steps, band.mean());
    line.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineStyle(LINE);
    return this;
  }

  XYChart chart() {
    return chart;
  }
}
