package io.github.tralign.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The look of all charts. */
public final class ChartStyle {

  private static final Color NOTHING = new Color(0, 0, 0, 0);

  private ChartStyle() {}

  /** An empty chart with a legend below. */
  public static XYChart chart(String title, String xTitle, String yTitle) {
    XYChart chart =
        new XYChartBuilder()
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .theme(ChartTheme.Matlab)
            .build();
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    chart
        .getStyler()
        .setXAxisTickMarkSpacingHint(40)
        .setPlotGridLinesStroke(new BasicStroke(0.5f))
        .setPlotGridLinesColor(Color.LIGHT_GRAY)
        .setAxisTitleFont(font)
        .setAxisTickLabelsFont(font)
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setLegendBorderColor(NOTHING)
        .setLegendFont(font)
        .setChartTitleFont(font.deriveFont(Font.BOLD, 13f))
        .setChartBackgroundColor(Color.WHITE);
    return chart;
  }
}
