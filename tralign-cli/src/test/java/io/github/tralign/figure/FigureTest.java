package io.github.tralign.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;

class FigureTest {

  @TempDir Path folder;

  @Test
  void a_row_with_fewer_panels_is_white_beside_them() throws IOException {
    new Figure(List.of(List.of(chart(), chart()), List.of(chart()))).write(folder, "three");

    BufferedImage image = ImageIO.read(folder.resolve("three.png").toFile());
    int corner = image.getRGB(image.getWidth() - 5, image.getHeight() - 5);
    assertThat(new Color(corner)).isEqualTo(Color.WHITE);
  }

  private static XYChart chart() {
    XYChart chart = ChartStyle.chart("title", "x", "y");
    chart.addSeries("line", List.of(1, 2), List.of(1, 2));
    return chart;
  }
}
