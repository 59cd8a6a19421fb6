package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Judgement;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;

/**
 * How hard and how steeply a loss pulls at the chosen sequence of a pair: {@code |∂L/∂a|} and
 * {@code ∂²L/∂a²}, where a is the chosen and b the rejected log-ratio. For DPO these are {@code β
 * σ(−βh)} and {@code β² σ(βh) σ(−βh)}, for IPO {@code 2 |h − 1/(2β)|} and 2.
 *
 * @param gradient {@code |∂L/∂a|}
 * @param hessian {@code ∂²L/∂a²}, a central difference of the analytic first derivative
 */
record Curvature(double gradient, double hessian) {

  private static final double STRIDE = 1e-4;

  static Curvature of(AlignmentLoss loss, double a, double b) {
    double hessian = (slope(loss, a + STRIDE, b) - slope(loss, a - STRIDE, b)) / (2 * STRIDE);
    return new Curvature(Math.abs(slope(loss, a, b)), hessian);
  }

  private static double slope(AlignmentLoss loss, double a, double b) {
    ImmutableList<ScoredCompletion> pair =
        ImmutableList.of(new ScoredCompletion(a, 0, 1), new ScoredCompletion(b, 0, 1));
    ScoredBatch batch = ScoredBatch.of(ImmutableList.of(new ScoredExample(pair, Judgement.NONE)));
    return loss.evaluate(batch).gradient()[0][0];
  }
}
