package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import java.awt.Color;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/** The pictures of a result. */
final class Figures {

  private final ToyResult result;
  private final double[] steps;
  private final List<Integer> methods;

  Figures(ToyResult result) {
    this.result = result;
    this.steps = result.steps();
    this.methods = IntStream.range(0, result.methods().size()).boxed().toList();
  }

  /**
   * The paper's figure 2: above the probability of sequences outside the data, below those of the
   * chosen and the rejected sequence, a column for each method.
   */
  Figure probabilities() {
    return new Figure(
        ImmutableList.of(
            methods.stream()
                .map(
                    method ->
                        panel(method, "probability")
                            .with(
                                "out of data", result.band(method, Measure.OUT_OF_DATA), Panel.BLUE)
                            .chart())
                .toList(),
            methods.stream()
                .map(
                    method ->
                        panel(method, "probability")
                            .with("chosen", result.band(method, Measure.CHOSEN), Panel.GREEN)
                            .with("rejected", result.band(method, Measure.REJECTED), Panel.ORANGE)
                            .chart())
                .toList()));
  }

  /** How hard and how steeply each method pulls along the training. */
  Figure curvature() {
    String loss = result.methods().get(0).title();
    return new Figure(
        ImmutableList.of(
            ImmutableList.of(
                weights(loss + ": weight of the gradient", Measure.GRADIENT_WEIGHT),
                weights(loss + ": weight of the Hessian", Measure.HESSIAN_WEIGHT))));
  }

  private Panel panel(int method, String yTitle) {
    return new Panel(result.methods().get(method).title(), yTitle, steps, 1);
  }

  private XYChart weights(String title, Measure measure) {
    double top = 0;
    for (int method : methods) {
      Band band = result.band(method, measure);
      for (int i = 0; i < steps.length; i++) {
        top = Math.max(top, band.mean()[i] + band.std()[i]);
      }
    }
    Panel panel = new Panel(title, "", steps, 1.05 * top);
    Color[] colors = {Panel.ORANGE, Panel.BLUE, Panel.GREEN};
    for (int method : methods) {
      panel.with(
          result.methods().get(method).title(), result.band(method, measure), colors[method]);
    }
    return panel.chart();
  }
}
