package io.github.tralign.loss;

/**
 * AlphaPO: {@link SimpoLoss} with a reward of adjustable shape, {@code L = −log σ(β(r_w − r_l) −
 * γ)}, {@code r = (1 − p^−α)/α}, {@code ∂r/∂log p = p^−α}, where {@code log p = log π(y|x)/|y|}.
 *
 * <p>Gupta et al., "AlphaPO" (arXiv 2501.03884). α = 0 is SimPO. The reward is computed as {@code
 * −expm1(−α log p)/α}; it is the link of an α-divergence, and capped as {@link FDivergence#alpha}
 * says. (TRL computes powers of {@code exp(log p)}, which overflow if p underflows to 0.)
 *
 * @param beta scale of the reward, &gt; 0
 * @param gamma γ, the target margin, ≥ 0; absolute, as in {@link SimpoLoss}
 * @param alpha α, the shape of the reward: above 0 it is steeper for improbable completions
 * @param labelSmoothing ε, in [0, 0.5)
 */
public record AlphapoLoss(double beta, double gamma, double alpha, double labelSmoothing)
    implements PairwiseLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public AlphapoLoss {
    Ranges.positive("beta", beta);
    Ranges.notNegative("gamma", gamma);
    Ranges.finite("alpha", alpha);
    Ranges.halfOpen("label smoothing", labelSmoothing, 0.5);
  }

  /** The same loss with another label smoothing. */
  public AlphapoLoss labelSmoothing(double epsilon) {
    return new AlphapoLoss(beta, gamma, alpha, epsilon);
  }

  @Override
  public String name() {
    return "alphapo";
  }

  @Override
  public boolean usesReference() {
    return false;
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
  public double reward(ScoredCompletion completion) {
    return beta * shape().link(completion.meanLogp());
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    DpoLoss dpo = new DpoLoss(beta, labelSmoothing);
    double chosen = pair.chosen().meanLogp();
    double rejected = pair.rejected().meanLogp();
    double margin = shape().link(chosen) - shape().link(rejected) - gamma / beta;
    double slope = dpo.slope(margin);
    return new PairTerm(
        dpo.value(margin),
        slope * shape().slope(chosen) / pair.chosen().tokens(),
        -slope * shape().slope(rejected) / pair.rejected().tokens());
  }

  private FDivergence shape() {
    return FDivergence.alpha(1 - alpha);
  }
}
