package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * DPO-Positive: {@code L = −log σ(x)} of {@code x = β (h − λ max(0, −a))}, {@code ∂L/∂a = −β σ(−x)
 * (1 + λ [a < 0])}, {@code ∂L/∂b = β σ(−x)}.
 *
 * <p>Pal et al., "Smaug: Fixing Failure Modes of Preference Optimisation with DPO-Positive" (arXiv
 * 2402.13228). The penalty on a chosen completion that is less probable than under the reference is
 * inside the sigmoid, as in the paper. At the kink {@code a = 0} its derivative is 0, so a run
 * starts as DPO.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param penalty λ, ≥ 0; 0 is DPO
 */
public record DpopLoss(double beta, double penalty) implements PairwiseLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public DpopLoss {
    Ranges.positive("beta", beta);
    Ranges.notNegative("penalty", penalty);
  }

  /** The same loss with another penalty. */
  public DpopLoss penalty(double lambda) {
    return new DpopLoss(beta, lambda);
  }

  @Override
  public String name() {
    return "dpop";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double a = pair.a();
    double x = beta * (pair.h() - penalty * Math.max(0, -a));
    double slope = -beta * sigmoid(-x);
    return new PairTerm(-logSigmoid(x), a < 0 ? slope * (1 + penalty) : slope, -slope);
  }
}
