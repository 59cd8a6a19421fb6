package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import java.util.Iterator;
import java.util.List;

/**
 * The derivatives of a loss at a pair, where a is the chosen and b the rejected log-ratio. For DPO
 * both gradients are {@code β σ(−βh)} and the Hessian is {@code β² σ(βh) σ(−βh)}, with {@code h = a
 * − b}; for IPO they are {@code 2 |h − 1/(2β)|} and 2.
 *
 * @param gradient {@code |∂L/∂a|}
 * @param rejectedGradient {@code |∂L/∂b|}
 * @param hessian {@code ∂²L/∂a²}, a central difference of the analytic first derivative
 */
record Curvature(double gradient, double rejectedGradient, double hessian) {

  private static final double STRIDE = 1e-4;

  /**
   * Computes the derivatives at a point.
   *
   * @param data the pair in the form that the loss requires, chosen sequence first
   */
  static Curvature of(AlignmentLoss loss, List<Example> data, double a, double b) {
    double[] slopes = slopes(loss, data, a, b);
    double above = slopes(loss, data, a + STRIDE, b)[0];
    double below = slopes(loss, data, a - STRIDE, b)[0];
    return new Curvature(Math.abs(slopes[0]), Math.abs(slopes[1]), (above - below) / (2 * STRIDE));
  }

  /** {@code ∂L/∂a} and {@code ∂L/∂b}. */
  private static double[] slopes(AlignmentLoss loss, List<Example> data, double a, double b) {
    Iterator<Double> logRatios = List.of(a, b).iterator();
    ImmutableList.Builder<ScoredExample> scored = ImmutableList.builder();
    for (Example example : data) {
      scored.add(
          new ScoredExample(
              example.completions().stream()
                  .map(tokens -> new ScoredCompletion(logRatios.next(), 0, tokens.length()))
                  .collect(ImmutableList.toImmutableList()),
              example.judgement()));
    }
    return Doubles.concat(loss.evaluate(ScoredBatch.of(scored.build())).gradient());
  }
}
