package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * Direct preference optimization: {@code L = −log σ(βh)}, {@code ∂L/∂h = −β σ(−βh)}.
 *
 * <p>Rafailov et al., "Direct Preference Optimization" (arXiv 2305.18290), equation 7. With label
 * smoothing ε it is conservative DPO, for labels that are wrong with probability ε (Mitchell, "A
 * note on DPO with noisy preferences"): {@code L = −(1−ε) log σ(βh) − ε log σ(−βh)}, with the
 * minimum at {@code βh = log((1−ε)/ε)}.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param labelSmoothing ε, in [0, 0.5)
 */
public record DpoLoss(double beta, double labelSmoothing) implements MarginLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public DpoLoss {
    Ranges.positive("beta", beta);
    Ranges.halfOpen("label smoothing", labelSmoothing, 0.5);
  }

  /** The same loss with another label smoothing. */
  public DpoLoss labelSmoothing(double epsilon) {
    return new DpoLoss(beta, epsilon);
  }

  @Override
  public String name() {
    return "dpo";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public double value(double h) {
    double e = labelSmoothing;
    return -(1 - e) * logSigmoid(beta * h) - e * logSigmoid(-beta * h);
  }

  @Override
  public double slope(double h) {
    double e = labelSmoothing;
    return -beta * ((1 - e) * sigmoid(-beta * h) - e * sigmoid(beta * h));
  }
}
