package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import io.github.tralign.figure.Figure;
import java.awt.Color;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/** The figures of a result. */
final class Figures {

  private static final ImmutableList<Color> COLORS =
      ImmutableList.of(Panel.ORANGE, Panel.BLUE, Panel.GREEN); // of the methods

  private final ToyResult result;
  private final double[] steps;
  private final List<Integer> methods;

  Figures(ToyResult result) {
    this.result = result;
    this.steps = result.steps();
    this.methods = IntStream.range(0, result.methods().size()).boxed().toList();
  }

  /**
   * The paper's figure 2, with a column for each method: the probability of sequences outside the
   * data at the top, those of the chosen and rejected sequence at the bottom.
   */
  Figure probabilities() {
    return new Figure(
        ImmutableList.of(
            methods.stream().map(this::outOfData).toList(),
            methods.stream().map(this::chosenAndRejected).toList()));
  }

  private XYChart outOfData(int method) {
    return probabilities(method)
        .with("out of data", result.band(method, Measure.OUT_OF_DATA), Panel.BLUE)
        .chart();
  }

  private XYChart chosenAndRejected(int method) {
    return probabilities(method)
        .with("chosen", result.band(method, Measure.CHOSEN), Panel.GREEN)
        .with("rejected", result.band(method, Measure.REJECTED), Panel.ORANGE)
        .chart();
  }

  private Panel probabilities(int method) {
    return new Panel(result.methods().get(method).title(), "probability", steps, 0, 1);
  }

  /** The weights of gradient and Hessian of each method during training. */
  Figure curvature() {
    return new Figure(
        ImmutableList.of(
            ImmutableList.of(
                weights("weight of the gradient", Measure.GRADIENT_WEIGHT),
                weights("weight of the Hessian", Measure.HESSIAN_WEIGHT))));
  }

  private XYChart weights(String title, Measure measure) {
    List<Band> bands = methods.stream().map(method -> result.band(method, measure)).toList();
    double top = bands.stream().mapToDouble(Band::upperEdge).max().orElseThrow();
    double bottom = Math.min(0, bands.stream().mapToDouble(Band::least).min().orElseThrow());
    Panel panel = new Panel(title, "", steps, bottom, 1.05 * top);
    for (int method : methods) {
      panel.with(result.methods().get(method).title(), bands.get(method), COLORS.get(method));
    }
    return panel.chart();
  }
}
