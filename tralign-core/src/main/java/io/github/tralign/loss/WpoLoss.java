package io.github.tralign.loss;

/**
 * A loss with each pair weighted by how likely the policy itself is to write it: {@code w(y_w)
 * w(y_l) L} with {@code w(y) = exp(mean_t [log π(y_t) − log Σ_v π(v)²])}, which is 1 on average for
 * what the policy would write. The weights carry no gradient.
 *
 * <p>Zhou et al., "WPO" (arXiv 2406.11827), equation 2. TRL's {@code use_weighting} from 0.29 on
 * leaves the product as it is; TRL before, and the authors' code, clamp it at 1.
 *
 * @param loss a mean of terms in single pairs
 * @param clamped whether the product of the two weights is at most 1
 */
public record WpoLoss(PairwiseLoss loss, boolean clamped) implements ModifiedLoss {

  /**
   * Checks that pairs can be weighted.
   *
   * @throws IllegalArgumentException with the reason if they cannot
   */
  public WpoLoss {
    Modifiers.requireTerms(loss, "weighted by WPO", WpoLoss.class);
  }

  /** The same with weights of at most 1. */
  public WpoLoss clamp() {
    return new WpoLoss(loss, true);
  }

  @Override
  public String modifier() {
    return "wpo";
  }

  @Override
  public boolean usesCollision() {
    return true;
  }

  @Override
  public boolean usesLengths() {
    return true;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double weight = weight(pair.chosen()) * weight(pair.rejected());
    return loss.at(pair).times(clamped ? Math.min(weight, 1) : weight);
  }

  private static double weight(ScoredCompletion completion) {
    return Math.exp((completion.logp() - completion.collision()) / completion.tokens());
  }
}
