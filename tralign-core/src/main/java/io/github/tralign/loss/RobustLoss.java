package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * Provably robust DPO: {@code L = [−(1−ε) log σ(βh) + ε log σ(−βh)] / (1−2ε)}, {@code L′ = −β
 * [(1−ε) σ(−βh) + ε σ(βh)] / (1−2ε)}.
 *
 * <p>Chowdhury et al., "Provably Robust DPO: Aligning Language Models with Noisy Feedback" (arXiv
 * 2403.00409). If labels are wrong with probability ε, its expectation is the DPO loss of the
 * correct labels; {@link DpoLoss} with label smoothing is the conservative alternative for the same
 * noise. The loss may be negative, and its derivative never vanishes: it tends to {@code
 * −βε/(1−2ε)} for large margins.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param labelSmoothing ε, the share of wrong labels, in [0, 0.5); 0 is DPO
 */
public record RobustLoss(double beta, double labelSmoothing) implements MarginLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public RobustLoss {
    Ranges.positive("beta", beta);
    Ranges.halfOpen("label smoothing", labelSmoothing, 0.5);
  }

  @Override
  public String name() {
    return "robust";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public double value(double h) {
    double e = labelSmoothing;
    return (-(1 - e) * logSigmoid(beta * h) + e * logSigmoid(-beta * h)) / (1 - 2 * e);
  }

  @Override
  public double slope(double h) {
    double e = labelSmoothing;
    return -beta * ((1 - e) * sigmoid(-beta * h) + e * sigmoid(beta * h)) / (1 - 2 * e);
  }
}
