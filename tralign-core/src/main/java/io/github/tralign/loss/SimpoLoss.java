package io.github.tralign.loss;

/**
 * Simple preference optimization: {@code L = −log σ(β(L_w/|y_w| − L_l/|y_l|) − γ)}, where {@code
 * L_w, L_l} are the policy's log-probabilities.
 *
 * <p>Meng et al., "SimPO" (arXiv 2405.14734), equation 6. γ is the absolute margin, as in the
 * paper, TRL and torchtune; the authors' code, HALOs and open-instruct use the ratio γ/β instead:
 * 0.25 with β = 2 there is γ = 0.5 here. With label smoothing ε as in {@link DpoLoss}.
 *
 * @param beta scale of the reward, &gt; 0; 2 to 10 in the paper
 * @param gamma γ, the target margin, ≥ 0
 * @param labelSmoothing ε, in [0, 0.5)
 */
public record SimpoLoss(double beta, double gamma, double labelSmoothing) implements PairwiseLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public SimpoLoss {
    Ranges.positive("beta", beta);
    Ranges.notNegative("gamma", gamma);
    Ranges.halfOpen("label smoothing", labelSmoothing, 0.5);
  }

  /** The same loss with another label smoothing. */
  public SimpoLoss labelSmoothing(double epsilon) {
    return new SimpoLoss(beta, gamma, epsilon);
  }

  @Override
  public String name() {
    return "simpo";
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
    return beta * completion.meanLogp();
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    DpoLoss dpo = new DpoLoss(beta, labelSmoothing);
    double margin = pair.chosen().meanLogp() - pair.rejected().meanLogp() - gamma / beta;
    return PairTerm.ofMeans(dpo.value(margin), dpo.slope(margin), pair);
  }
}
