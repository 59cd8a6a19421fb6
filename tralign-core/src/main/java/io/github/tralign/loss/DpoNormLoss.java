package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * Length-normalized DPO: {@code L = −log σ(βx)} of the margin per token {@code x = a/|y_w| −
 * b/|y_l|}; {@code ∂L/∂a = −β σ(−βx) / |y_w|}, {@code ∂L/∂b = β σ(−βx) / |y_l|}.
 *
 * <p>Lambert et al., "Tülu 3: Pushing Frontiers in Open Language Model Post-Training" (arXiv
 * 2411.15124). Open-instruct calls it {@code dpo_norm}, TRL {@code sigmoid_norm}. Margins per token
 * are small, so β is much larger than in {@link DpoLoss}: 5 in Tülu 3.
 *
 * @param beta strength of the regularization towards the reference, per token, &gt; 0
 */
public record DpoNormLoss(double beta) implements PairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public DpoNormLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "dpo-norm";
  }

  @Override
  public boolean usesLengths() {
    return true;
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double x = pair.chosen().meanLogRatio() - pair.rejected().meanLogRatio();
    return PairTerm.ofMeans(-logSigmoid(beta * x), -beta * sigmoid(-beta * x), pair);
  }
}
