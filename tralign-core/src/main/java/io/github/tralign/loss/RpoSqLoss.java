package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.square;

import io.github.tralign.data.Example;

/**
 * Reward-aware preference optimization by the squared distance: {@code L = (βh − ηΔr)²}, {@code
 * ∂L/∂h = 2β (βh − ηΔr)}.
 *
 * <p>Sun et al., "Reward-aware Preference Optimization: A Unified Mathematical Framework for Model
 * Alignment" (arXiv 2502.00203), NeMo-Aligner's {@code rpo_sq}. Each row requires a {@link
 * io.github.tralign.data.row.Judgement#margin margin} Δr, the reward of the chosen minus that of
 * the rejected completion.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param eta η, scale of the given rewards, &gt; 0; 1 is NeMo-Aligner's
 */
public record RpoSqLoss(double beta, double eta) implements PairwiseLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public RpoSqLoss {
    Ranges.positive("beta", beta);
    Ranges.positive("eta", eta);
  }

  /** The same loss with another scale of the given rewards. */
  public RpoSqLoss eta(double scale) {
    return new RpoSqLoss(beta, scale);
  }

  @Override
  public String name() {
    return "rpo-sq";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public void check(Example example) {
    PairwiseLoss.super.check(example);
    Ranges.requireMargin(this, example);
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double x = beta * pair.h();
    double target = eta * pair.judgement().margin().orElseThrow();
    return PairTerm.ofMargin(square(x - target), 2 * beta * (x - target));
  }
}
