package io.github.tralign.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The colours of the lines, as people see them with each kind of colour vision. */
class PaletteTest {

  private static final int GROUP = 6; // lines with the same dashes

  /** Machado, Oliveira and Fernandes (2009) at full severity: normal, protan, deutan, tritan. */
  private static final List<double[][]> VISIONS =
      List.of(
          new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
          new double[][] {
            {0.152286, 1.052583, -0.204868},
            {0.114503, 0.786281, 0.099216},
            {-0.003882, -0.048116, 1.051998}
          },
          new double[][] {
            {0.367322, 0.860646, -0.227968},
            {0.280085, 0.672501, 0.047413},
            {-0.011820, 0.042940, 0.968881}
          },
          new double[][] {
            {1.255528, -0.076749, -0.178779},
            {-0.078411, 0.930809, 0.147602},
            {0.004733, 0.691367, 0.303900}
          });

  private static final double[][] XYZ = {
    {0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505},
    {0.2126, 0.7152, 0.0722},
    {0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089}
  };

  @Test
  void lines_can_be_distinguished_and_from_what_is_behind_them() throws IOException {
    String style =
        Resources.toString(
            Resources.getResource("io/github/tralign/report/page.css"), StandardCharsets.UTF_8);
    List<double[]> lines = colours(style, "--line\\d+");
    List<double[]> cards = colours(style, "--card");
    assertThat(cards).hasSize(2);
    assertThat(lines).hasSize(24);
    for (int theme = 0; theme < 2; theme++) {
      List<double[]> palette = lines.subList(12 * theme, 12 * theme + 12);
      for (double[] line : palette) {
        assertThat(contrast(line, cards.get(theme))).isGreaterThan(3);
      }
      for (int i = 0; i < palette.size(); i++) {
        for (int k = 0; k < i; k++) {
          double least = i / GROUP == k / GROUP ? 20 : 12;
          for (double[][] vision : VISIONS) {
            assertThat(difference(vision, palette.get(i), palette.get(k)))
                .as("theme %d, lines %d and %d", theme, k, i)
                .isGreaterThan(least);
          }
        }
      }
    }
  }

  /** In linear RGB, those of the light theme first. */
  private static List<double[]> colours(String style, String name) {
    List<double[]> colours = new ArrayList<>();
    for (MatchResult it :
        Pattern.compile(name + ": #([0-9a-f]{6})").matcher(style).results().toList()) {
      int rgb = Integer.parseInt(it.group(1), 16);
      colours.add(new double[] {linear(rgb >> 16), linear(rgb >> 8 & 255), linear(rgb & 255)});
    }
    return colours;
  }

  private static double linear(int value) {
    double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }

  /** WCAG 2. */
  private static double contrast(double[] a, double[] b) {
    double one = times(XYZ, a)[1] + 0.05;
    double other = times(XYZ, b)[1] + 0.05;
    return Math.max(one, other) / Math.min(one, other);
  }

  /** CIE 1976, in L*a*b*. */
  private static double difference(double[][] vision, double[] a, double[] b) {
    double[] one = lab(times(vision, a));
    double[] other = lab(times(vision, b));
    return Math.sqrt(
        Math.pow(one[0] - other[0], 2)
            + Math.pow(one[1] - other[1], 2)
            + Math.pow(one[2] - other[2], 2));
  }

  private static double[] lab(double[] rgb) {
    double[] xyz = times(XYZ, new double[] {clip(rgb[0]), clip(rgb[1]), clip(rgb[2])});
    for (int i = 0; i < 3; i++) {
      xyz[i] = xyz[i] > 0.008856 ? Math.cbrt(xyz[i]) : 7.787 * xyz[i] + 16.0 / 116;
    }
    return new double[] {116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])};
  }

  private static double clip(double value) {
    return Math.max(0, Math.min(1, value));
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[3];
    for (int i = 0; i < 3; i++) {
      for (int k = 0; k < 3; k++) {
        product[i] += matrix[i][k] * vector[k];
      }
    }
    return product;
  }
}
