package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.bernoulliKl;
import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * Efficient exact optimization on pairs: with {@code p = σ(βh)}, {@code L = KL(p ‖ 1−ε) = p log(p /
 * (1−ε)) + (1−p) log((1−p) / ε)}, {@code L′ = β p (1−p) (βh − log((1−ε)/ε))}.
 *
 * <p>Ji et al., "Towards Efficient Exact Optimization of Language Model Alignment" (arXiv
 * 2402.00856), equation 16. DPO minimizes the forward (mean-seeking) KL divergence between labels
 * and the policy's preference; this loss minimizes the reverse (mode-seeking) one, which is
 * infinite without smoothing. Its derivative vanishes on both sides: a pair that is ranked very
 * wrongly has almost no gradient.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param labelSmoothing ε, in (0, 0.5); the usual value is 0.001
 */
public record ExoLoss(double beta, double labelSmoothing) implements MarginLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public ExoLoss {
    Ranges.positive("beta", beta);
    Ranges.open("label smoothing", labelSmoothing, 0.5);
  }

  /** The same loss with another label smoothing. */
  public ExoLoss labelSmoothing(double epsilon) {
    return new ExoLoss(beta, epsilon);
  }

  @Override
  public String name() {
    return "exo";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public double value(double h) {
    return bernoulliKl(beta * h, target());
  }

  @Override
  public double slope(double h) {
    double x = beta * h;
    return beta * sigmoid(x) * sigmoid(-x) * (x - target());
  }

  /** The {@code βh} at which the loss is 0: {@code log((1−ε)/ε)}. */
  private double target() {
    return Math.log1p(-labelSmoothing) - Math.log(labelSmoothing);
  }
}
