package io.github.tralign.loss;

/**
 * Anchored preference optimization on completions labelled desirable or undesirable: {@link
 * KtoLoss} with the baseline 0, so that no mismatched completions are scored. With {@code a = log
 * π(y|x) − log π_ref(y|x)},
 *
 * <pre>
 * desirable:   L = w_D (1 − σ(βa)),   ∂L/∂a = −w_D β σ(βa) σ(−βa)
 * undesirable: L = w_U σ(βa),         ∂L/∂a =  w_U β σ(βa) σ(−βa)
 * </pre>
 *
 * <p>D'Oosterlinck et al., "Anchored Preference Optimization and Contrastive Revisions" (arXiv
 * 2408.06266), equation 7, whose two terms do not require a pair; TRL's KTOTrainer does the same.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param desirableWeight w_D, &gt; 0
 * @param undesirableWeight w_U, &gt; 0
 */
public record ApoZeroUnpairedLoss(double beta, double desirableWeight, double undesirableWeight)
    implements UnpairedLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public ApoZeroUnpairedLoss {
    Ranges.positive("beta", beta);
    Ranges.positive("desirable weight", desirableWeight);
    Ranges.positive("undesirable weight", undesirableWeight);
  }

  /** The same loss with other weights of desirable and undesirable completions. */
  public ApoZeroUnpairedLoss weights(double desirable, double undesirable) {
    return new ApoZeroUnpairedLoss(beta, desirable, undesirable);
  }

  @Override
  public String name() {
    return "apo-zero-unpaired";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public CompletionTerm at(ScoredCompletion completion, boolean desirable, double zero) {
    return new KtoLoss(beta, desirableWeight, undesirableWeight).at(completion, desirable, zero);
  }
}
