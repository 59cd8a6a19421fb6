package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

/**
 * A loss with {@code s(a)} and {@code s(b)} instead of the log-ratios a and b, for regularization
 * by an f-divergence other than the reverse KL: {@code ∂L/∂log π(y_w|x) = s′(a) · ∂L/∂a}.
 *
 * <p>Wang et al., "Beyond Reverse KL" (arXiv 2309.16240). Losses on means per token use {@code
 * s(a)/|y_w|}, as in TRL. The paper derives it for losses of the margin h, and TRL supports only
 * these; this class makes the same replacement in losses of a and b.
 *
 * @param loss a loss that uses a reference
 * @param divergence the f-divergence, which defines s
 */
public record DivergenceLoss(PairwiseLoss loss, FDivergence divergence) implements ModifiedLoss {

  /**
   * Checks that the two can be combined.
   *
   * @throws IllegalArgumentException with the reason if {@code loss} is not a function of a and b
   */
  public DivergenceLoss {
    requireNonNull(divergence, "divergence");
    String modifier = "combined with the divergence " + divergence;
    Modifiers.requireTerms(loss, modifier, DivergenceLoss.class);
    Modifiers.require(loss.usesReference(), loss, modifier, "it has no reference to diverge from");
    Modifiers.require(
        !loss.usesCollision(), loss, modifier, "its weights need unmodified log-ratios");
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
