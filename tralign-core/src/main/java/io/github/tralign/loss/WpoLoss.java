package io.github.tralign.loss;

/**
 * A loss with each pair weighted by its likelihood under the policy: {@code w(y_w) w(y_l) L} with
 * {@code w(y) = exp(mean_t [log π(y_t) − log Σ_v π(v)²])}, which is about 1 on average for
 * completions sampled from the policy. The weights have no gradient.
 *
 * <p>Zhou et al., "WPO" (arXiv 2406.11827), equation 2. TRL's {@code use_weighting} from 0.29 on
 * does not limit the product; earlier versions of TRL and the authors' code clamp it to at most 1.
 *
 * @param loss a mean of independent terms of pairs
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
