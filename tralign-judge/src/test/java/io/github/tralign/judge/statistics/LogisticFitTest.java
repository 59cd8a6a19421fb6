package io.github.tralign.judge.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.judge.Goldens;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class LogisticFitTest {

  @Test
  void coefficients_are_those_of_scikit_learn() {
    JsonNode golden = Goldens.read("logistic");
    double[][] x =
        StreamSupport.stream(golden.path("x").spliterator(), false)
            .map(Goldens::numbers)
            .toArray(double[][]::new);
    double[] y = Goldens.numbers(golden.path("y"));
    double[] weights = Goldens.numbers(golden.path("weights"));
    assertThat(golden.path("fits")).hasSize(4);
    for (JsonNode fit : golden.path("fits")) {
      double[] b =
          LogisticFit.fit(x, y, weights, fit.path("l1").asDouble(), fit.path("l2").asDouble());
      double[] expected = Goldens.numbers(fit.path("coefficients"));
      for (int j = 0; j < b.length; j++) {
        assertThat(b[j]).as("%s, %d", fit, j).isCloseTo(expected[j], within(1e-6));
      }
    }
  }

  @Test
  void one_coefficient_is_the_log_odds_of_the_mean() {
    double[][] x = {{1}, {1}, {1}, {1}};
    double[] y = {1, 1, 0.5, 0};
    double[] b = LogisticFit.fit(x, y, new double[] {1, 1, 1, 1}, 0, 0);
    assertThat(LogisticFit.sigmoid(b[0])).isCloseTo(0.625, within(1e-9));
  }

  @Test
  void a_strong_penalty_leaves_nothing_and_separated_classes_end() {
    double[][] x = {{1, 0.5}, {1, -0.5}};
    double[] weights = {1, 1};
    assertThat(LogisticFit.fit(x, new double[] {1, 0}, weights, 10, 0)).containsOnly(0);
    double[] b = LogisticFit.fit(x, new double[] {1, 1}, weights, 0, 0);
    assertThat(LogisticFit.sigmoid(LogisticFit.dot(x[0], b))).isGreaterThan(0.999);
    assertThat(b[0]).isFinite();
  }

  @Test
  void rows_without_targets_are_rejected() {
    assertThatThrownBy(() -> LogisticFit.fit(new double[2][1], new double[1], new double[2], 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 rows, 1 targets, 2 weights");
  }
}
