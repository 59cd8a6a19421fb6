package io.github.tralign.loss;

/**
 * A loss on the policy's log-probabilities instead of log-ratios: {@code a = log π(y_w|x)}, {@code
 * b = log π(y_l|x)}, as if every completion had probability 1 under the reference. No reference is
 * kept or scored.
 *
 * <p>The {@code reference_free} of DPO's authors' code.
 *
 * @param loss a loss that uses a reference
 */
public record ReferenceFreeLoss(PairwiseLoss loss) implements ModifiedLoss {

  private static final String MODIFIER = "reference-free";

  /**
   * Checks that the reference can be left out.
   *
   * @throws IllegalArgumentException with the reason if it cannot
   */
  public ReferenceFreeLoss {
    Modifiers.requireTerms(loss, "made " + MODIFIER, ReferenceFreeLoss.class);
    Modifiers.require(loss.usesReference(), loss, "made " + MODIFIER, "it uses no reference");
    Modifiers.require(
        !Modifiers.isOrModifies(loss, DivergenceLoss.class),
        loss,
        "made " + MODIFIER,
        "its divergence requires a reference");
  }

  @Override
  public String modifier() {
    return MODIFIER;
  }

  @Override
  public boolean usesReference() {
    return false;
  }

  @Override
  public double reward(ScoredCompletion completion) {
    return loss.reward(completion.withoutReference());
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    return loss.at(pair.map(ScoredCompletion::withoutReference));
  }
}
