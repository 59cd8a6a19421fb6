package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * Noise contrastive alignment on pairs: {@code L = −log σ(βa) − ½ log σ(−βa) − ½ log σ(−βb)},
 * {@code ∂L/∂a = β [½ σ(βa) − σ(−βa)]}, {@code ∂L/∂b = ½ β σ(βb)}.
 *
 * <p>Chen et al., "Noise Contrastive Alignment of Language Models with Explicit Rewards" (arXiv
 * 2402.05369). The chosen completion is not only separated from the rejected one but also kept near
 * the reference: as a function of a, the loss has its minimum at {@code βa = log 2}.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 */
public record NcaLoss(double beta) implements PairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public NcaLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "nca";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double a = beta * pair.a();
    double b = beta * pair.b();
    return new PairTerm(
        -logSigmoid(a) - (logSigmoid(-a) + logSigmoid(-b)) / 2,
        beta * (sigmoid(a) / 2 - sigmoid(-a)),
        beta * sigmoid(b) / 2);
  }
}
