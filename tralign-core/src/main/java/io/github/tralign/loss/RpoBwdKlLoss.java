package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.bernoulliKl;
import static io.github.tralign.loss.Numerics.sigmoid;

import io.github.tralign.data.Example;

/**
 * Reward-aware preference optimization by the backward KL divergence: with the policy's preference
 * {@code p = σ(βh)} and that of the given rewards {@code q = σ(ηΔr)}, {@code L = KL(q ‖ p)}, {@code
 * ∂L/∂h = β (p − q)}.
 *
 * <p>Sun et al., "Reward-aware Preference Optimization: A Unified Mathematical Framework for Model
 * Alignment" (arXiv 2502.00203), NeMo-Aligner's {@code rpo_bwd_kl}. Up to a constant it is DPO with
 * the label smoothing {@code 1 − q} of each pair. Each row requires a {@link
 * io.github.tralign.data.row.Judgement#margin margin} Δr, the reward of the chosen minus that of
 * the rejected completion.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param eta η, scale of the given rewards, &gt; 0; 1 is NeMo-Aligner's
 */
public record RpoBwdKlLoss(double beta, double eta) implements PairwiseLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public RpoBwdKlLoss {
    Ranges.positive("beta", beta);
    Ranges.positive("eta", eta);
  }

  /** The same loss with another scale of the given rewards. */
  public RpoBwdKlLoss eta(double scale) {
    return new RpoBwdKlLoss(beta, scale);
  }

  @Override
  public String name() {
    return "rpo-bwd-kl";
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
    return PairTerm.ofMargin(bernoulliKl(target, x), beta * (sigmoid(x) - sigmoid(target)));
  }
}
