package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * Binary classifier optimization on pairs, without a shift of the rewards: {@code L = −log σ(βa) −
 * log σ(−βb)}, {@code ∂L/∂a = −β σ(−βa)}, {@code ∂L/∂b = β σ(βb)}.
 *
 * <p>Jung et al., "Binary Classifier Optimization for Large Language Model Alignment" (arXiv
 * 2404.04656), with δ = 0: a classifier that separates chosen from rejected completions by their
 * rewards. It is an upper bound of the DPO loss. TRL's {@code bco_pair}.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 */
public record BcoPairLoss(double beta) implements PairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public BcoPairLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "bco-pair";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double a = beta * pair.a();
    double b = beta * pair.b();
    return new PairTerm(-logSigmoid(a) - logSigmoid(-b), -beta * sigmoid(-a), beta * sigmoid(b));
  }
}
