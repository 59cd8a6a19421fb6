package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

/**
 * A loss with {@code s(a)} and {@code s(b)} in place of the log-ratios a and b, for a divergence
 * from the reference other than the reverse KL: {@code ∂L/∂log π(y_w|x) = s′(a) · ∂L/∂a}.
 *
 * <p>Wang et al., "Beyond Reverse KL" (arXiv 2309.16240). Losses on means per token take {@code
 * s(a)/|y_w|}, as in TRL. The paper's derivation is for losses of the margin h, and TRL allows no
 * others; for losses of a and b one by one it is the same replacement.
 *
 * @param loss one that compares with a reference
 * @param divergence gives s
 */
public record DivergenceLoss(PairwiseLoss loss, FDivergence divergence) implements ModifiedLoss {

  /**
   * Checks that the two go together.
   *
   * @throws IllegalArgumentException with the reason if {@code loss} is no function of a and b
   */
  public DivergenceLoss {
    requireNonNull(divergence, "divergence");
    String modifier = "one of the divergence " + divergence;
    Modifiers.requireTerms(loss, modifier, DivergenceLoss.class);
    Modifiers.require(loss.usesReference(), loss, modifier, "it has no reference to diverge from");
    Modifiers.require(
        !loss.usesCollision(), loss, modifier, "its weights need log-ratios as they are");
  }

  @Override
  public String modifier() {
    return divergence.toString();
  }

  @Override
  public double reward(ScoredCompletion completion) {
    return loss.reward(linked(completion));
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    PairTerm term = loss.at(pair.map(this::linked));
    return new PairTerm(
        term.value(),
        term.chosen() * divergence.slope(pair.a()),
        term.rejected() * divergence.slope(pair.b()));
  }

  private ScoredCompletion linked(ScoredCompletion completion) {
    return completion.withLogRatio(divergence.link(completion.logRatio()));
  }
}
